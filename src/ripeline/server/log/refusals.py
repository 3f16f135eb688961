"""Why the writer did not do as a person asked, in words: where they are read, in the reader's language, zone and terms.

The writer's thread knows no reader, so its errors carry a reason and values, and are worded by whoever shows them.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from ripeline.translation import translated

Value = str | int | datetime


_SENTENCES = {
    "unknown-lead": "There is no lead {lead}.",
    "unknown-refused": "There is no refused event {id}.",
    "already-replayed": "{name} has replayed this event already, on {when}.",
    "unknown-reason": "“{reason}” is no reason to reject a lead; the definition has {reasons}.",
    "takes-no-leads": "Leads cannot be given to “{rep}”: nobody of this name takes any.",
    "id-in-use": "An act on another lead came under the id “{id}”: give each its own.",
    "nothing-to-undo": "There is nothing to undo.",
    "too-late-to-undo": "A decision can be undone for {seconds} seconds, not later.",
    "unreadable-version": (
        "Version {number} of the definition cannot be read by this release. Publish one that can, then decide."
    ),
    "two-leads-needed": "Who is the same person as whom? Name two leads or more, each once.",
    "nobody-known": "Of lead {lead} nothing is left by which it could be told from others.",
    "not-merged": "Lead {lead} is merged into no other.",
    "part-first": "Lead {lead} is part of lead {survivor}, which became part of lead {present}. Part these first.",
    "nothing-to-part": "What was lead {lead} cannot be told any more from the lead it is now.",
    "no-such-ruling": "There is no such decision, or it was taken back.",
    "ruled-same": "{name} decided first, on {when}: they are one person.",
    "ruled-apart": "{name} decided first, on {when}: they are not the same person.",
    "joined-meanwhile": "Their events have shown meanwhile, on {when}, that they are one person.",
    "moved-on": "The lead has moved on, on {when}: it is now {stage}.",
}
_NOT_FROM = {
    "accept": "This lead cannot be accepted: its stage is {stage}.",
    "reject": "This lead cannot be rejected: its stage is {stage}.",
    "take": "This lead cannot be taken: its stage is {stage}.",
    "reassign": "This lead cannot be reassigned: its stage is {stage}.",
}
_DECIDED_FIRST = {
    "accept": "{name} decided first, on {when}: the lead was accepted. It is now {stage}.",
    "reject": "{name} decided first, on {when}: the lead was rejected. It is now {stage}.",
    "take": "{name} decided first, on {when}: the lead was taken. It is now {stage}.",
    "reassign": "{name} decided first, on {when}: the lead was reassigned. It is now {stage}.",
    "won": "{name} decided first, on {when}: the deal was won. The lead is now {stage}.",
    "lost": "{name} decided first, on {when}: the deal was lost. The lead is now {stage}.",
}
_OF_ACTS = {"wrong-stage": _NOT_FROM, "decided-first": _DECIDED_FIRST}


def in_utc(at: datetime) -> str:
    """An instant for who has no zone: a program, a line of a log."""
    return translated("{day} at {time} UTC", day=f"{at:%Y-%m-%d}", time=f"{at:%H:%M}")


def sentence(
    why: str,
    values: Mapping[str, Value],
    *,
    stage: Callable[[str], str] = str,
    moment: Callable[[datetime], str] = in_utc,
) -> str:
    """The sentence for a reason; `stage` gives the title of a stage, `moment` an instant as the reader's clock says it.

    >>> sentence("wrong-stage", {"act": "accept", "stage": "lead"}, stage=str.upper)
    'This lead cannot be accepted: its stage is LEAD.'
    """
    text = _OF_ACTS[why][str(values["act"])] if why in _OF_ACTS else _SENTENCES[why]
    told: dict[str, object] = {
        name: moment(value) if isinstance(value, datetime) else stage(str(value)) if name == "stage" else value
        for name, value in values.items()
    }
    return translated(text, **told)
