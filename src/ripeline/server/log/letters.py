"""The mail an owner gets: one lead, why, until when, and where to answer."""

from ripeline.events.instants import MICROSECOND, instant
from ripeline.scoring.live import Folded
from ripeline.server.log.commands import UNDO_WITHIN
from ripeline.server.log.session import Log
from ripeline.server.log.store import leads, lifecycle, outbox
from ripeline.server.log.store.lifecycle import RepRow
from ripeline.translation import translated


def tell_owner(log: Log, lead: int, owner: str, outcome: Folded, *, seq: int, due_at: int | None) -> None:
    """Writes the mail into the outbox; a lead without an owner is nobody's mail, it waits in the inbox."""
    rep = _rep(log, owner)
    if rep is not None and rep.email:
        who, work = _known(log, lead)
        subject = translated("New MQL: {who}, score {score}", who=who, score=round(outcome.total))
        lines = [translated("{who} is yours to answer.", who=work), *_reasons(log, outcome, due_at)]
        _write(log, lead, rep, subject, lines, seq=seq, at=log.at)


def tell_new_owner(log: Log, lead: int, owner: str, *, by: str, seq: int) -> None:
    """A colleague gave them the lead. The mail leaves when that cannot be undone any more."""
    rep, giver = _rep(log, owner), _rep(log, by)
    if rep is not None and rep.email:
        who, work = _known(log, lead)
        clock = next(iter(lifecycle.running_clocks(log.db, [lead])), None)
        subject = translated("Now yours: {who}", who=who)
        lines = [translated("{giver} gave you {who}.", giver=giver.name if giver else by, who=work)]
        lines += [_due(clock.due_at)] if clock is not None else []
        _write(log, lead, rep, subject, lines, seq=seq, at=log.at + UNDO_WITHIN // MICROSECOND)


def _rep(log: Log, key: str) -> RepRow | None:
    return next((rep for rep in lifecycle.reps(log.db) if rep.key == key), None)


def _known(log: Log, lead: int) -> tuple[str, str]:
    """What the lead is called, alone and with their work."""
    name, title, company, email = leads.name_and_company(log.db, lead)
    who = name or email or translated("Visitor {id}", id=lead)
    work = ", ".join(filter(None, (title, company)))
    return who, f"{who} ({work})" if work else who


def _write(log: Log, lead: int, rep: RepRow, subject: str, lines: list[str], *, seq: int, at: int) -> None:
    greeting = translated("Hello {rep},", rep=rep.name)
    body = "\n".join([greeting, "", *lines, "", f"{log.address}/leads/{lead}", ""])
    outbox.write(
        log.db, lead=lead, seq=seq, recipient=rep.email, subject=subject, body=body, at=log.at, due_at=at
    )  # fmt: skip


def _reasons(log: Log, outcome: Folded, due_at: int | None) -> list[str]:
    points = zip((group.key for group in log.definition.groups), outcome.sub_scores, strict=True)
    parts = ", ".join(f"{key} {round(value)}" for key, value in points)
    lines = [translated("Score {score}: {parts}.", score=round(outcome.total), parts=parts)]
    if due_at is not None:
        lines.append(_due(due_at))
    return lines


def _due(at: int) -> str:
    return translated("An answer is due by {due}.", due=f"{instant(at):%Y-%m-%d %H:%M} UTC")
