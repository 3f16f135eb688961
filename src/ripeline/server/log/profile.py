"""What is known of a lead, for lists, search and the lead's page: the latest statement of each field, else a hint.

The fold has its own reading of the same statements (`events.facts`); this one is for people's eyes.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from ripeline.events.event import Event
from ripeline.events.facts import hints, statements
from ripeline.events.instants import micros


class Known(msgspec.Struct, array_like=True, frozen=True):
    """The value of one field: when it was last stated (`at`, then `mark` among equals), or only hinted at.

    `since` is when the value was first given, where that was before.
    """

    value: Any
    at: int
    mark: str
    hinted: bool = False
    since: int | None = None

    @property
    def first_at(self) -> int:
        """When the value was first given."""
        return self.at if self.since is None else self.since


_BETWEEN_WORDS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
# Of a lead, for people's eyes: all of them are read and written whenever one changes, and whoever has a write key may
# state a thousand others with each message.
MOST_KNOWN = 2_000
WAYS = ("email", "phone")  # to reach somebody
_SHOWN = frozenset(("name", "firstname", "lastname", "title", "jobtitle", "company", *WAYS))
Facts = dict[str, Known]
_facts = msgspec.json.Decoder(Facts)


class Columns(msgspec.Struct, frozen=True):
    """What lists show and search."""

    name: str
    title: str
    company: str
    email: str
    phone: str

    @property
    def sought(self) -> str:
        """What search looks through."""
        return " ".join(filter(None, (self.name, self.title, self.company, self.email, self.phone))).casefold()


def read(stored: bytes | str) -> Facts:
    return _facts.decode(stored)


def written(facts: Facts) -> bytes:
    return msgspec.json.encode(facts)


def learn(facts: Facts, event: Event) -> bool:
    """Adds what `event` states and suggests; True if anything changed.

    The latest statement counts, None unsets. A hint fills what is unknown at its moment; the first one does.
    """
    if not event.facts and not event.hints:
        return False  # nearly all
    at, mark = micros(event.occurred_at), f"{event.source}\0{event.message_id}"
    changed = False
    for field, value in statements(event):
        changed |= keep(facts, field, Known(value, at, mark))
    for field, value in hints(event):
        changed |= keep(facts, field, Known(value, at, mark, hinted=True))
    forget_oldest(facts)
    return changed


def keep(facts: Facts, field: str, told: Known) -> bool:
    """Adds one statement; True if anything changed."""
    known = facts.get(field)
    if known is None:
        facts[field] = told
    elif _replaces(told, known):
        facts[field] = _dated(told, known)
    else:
        facts[field] = _dated(known, told)
    return facts[field] is not known


def _dated(kept: Known, other: Known) -> Known:
    """`kept` with the instant that first gave its value, of which `other` knows too.

    Another value in between began it anew, at the latest when it was last stated: all that is remembered of the rest.
    """
    if kept.value == other.value:
        since = min(kept.first_at, other.first_at)
    elif kept.first_at < other.at and not other.hinted:
        since = kept.at
    else:
        return kept
    return kept if since == kept.first_at else msgspec.structs.replace(kept, since=since)


def _replaces(told: Known, known: Known) -> bool:
    later = (told.at, told.mark) > (known.at, known.mark)
    if told.hinted and known.hinted:
        return not later
    if told.hinted:
        return known.value is None and later
    if known.hinted:
        return told.value is not None or later
    return later


def learnt(events: Iterable[Event]) -> Facts:
    """What a whole history says."""
    facts: Facts = {}
    telling = [event for event in events if event.facts or event.hints]
    for event in sorted(telling, key=lambda event: (event.occurred_at, event.source, event.message_id)):
        learn(facts, event)
    return facts


def joined(own: Facts, others: Facts) -> Facts:
    """What two leads who are one person are known for, by the same rule as if one had said it all."""
    facts = dict(own)
    for field, told in others.items():
        keep(facts, field, told)
    forget_oldest(facts)
    return facts


def reached_at(facts: Facts) -> int | None:
    """Since when there is a way to reach them; None while there is none. A blank text is an empty field of a form.

    >>> reached_at({"email": Known(" ", 1, ""), "phone": Known("+49 30 1234", 5, "", since=3)})
    3
    """
    ways = (facts[field] for field in WAYS if field in facts)
    return min((way.first_at for way in ways if way.value is not None and str(way.value).strip()), default=None)


def forget_oldest(facts: Facts) -> None:
    """What is more than `MOST_KNOWN`: only the newest are kept, and those by which a list shows the lead."""
    if len(facts) > MOST_KNOWN:
        others = sorted((known.at, known.mark, field) for field, known in facts.items() if field not in _SHOWN)
        for _, _, field in others[: len(facts) - MOST_KNOWN]:
            del facts[field]


def values(facts: Facts) -> dict[str, Any]:
    """What is known, by field; what was unset is unknown."""
    return {field: known.value for field, known in facts.items() if known.value is not None}


def columns(facts: Facts) -> Columns:
    """What lists show of what is known.

    >>> columns({"firstname": Known("Ada", 0, ""), "lastname": Known("King", 0, "")}).name
    'Ada King'
    """
    known = values(facts)
    parts = " ".join(filter(None, (_text(known, "firstname"), _text(known, "lastname"))))
    return Columns(
        name=_text(known, "name") or parts,
        title=_text(known, "title") or _text(known, "jobtitle"),
        company=_text(known, "company"),
        email=_text(known, "email"),
        phone=_text(known, "phone"),
    )


def _text(known: Mapping[str, Any], field: str) -> str:
    value = known.get(field)
    return one_line(value) if isinstance(value, str) else ""


def one_line(text: str) -> str:
    r"""`text` as it can stand in a list, a header or a subject: write keys are public, so anybody chooses it.

    >>> one_line(" Ann\r\nBcc: all@firm.example\x07 ")
    'Ann Bcc: all@firm.example'
    """
    return _BETWEEN_WORDS.sub(" ", text).strip()
