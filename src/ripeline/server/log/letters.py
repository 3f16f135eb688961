"""The mail an owner gets: one lead, why, until when, and where to answer."""

from ripeline.events.instants import instant
from ripeline.scoring.live import Folded
from ripeline.server.log.session import Log
from ripeline.server.log.store import leads, lifecycle, outbox
from ripeline.translation import translated


def tell_owner(log: Log, lead: int, owner: str, outcome: Folded, *, seq: int, due_at: int | None) -> None:
    """Writes the mail into the outbox; a lead without an owner is nobody's mail, it waits in the inbox."""
    rep = next((rep for rep in lifecycle.reps(log.db) if rep.key == owner), None)
    if rep is None or not rep.email:
        return
    name, title, company, email = leads.name_and_company(log.db, lead)
    who = name or email or translated("Visitor {id}", id=lead)
    work = ", ".join(filter(None, (title, company)))
    outbox.write(
        log.db,
        lead=lead,
        seq=seq,
        recipient=rep.email,
        subject=translated("New MQL: {who}, score {score}", who=who, score=round(outcome.total)),
        body="\n".join(
            [
                translated("Hello {rep},", rep=rep.name),
                "",
                translated("{who} is yours to answer.", who=f"{who} ({work})" if work else who),
                *_reasons(log, outcome, due_at),
                "",
                f"{log.address}/leads/{lead}",
                "",
            ]
        ),
        at=log.at,
        due_at=log.at,
    )


def _reasons(log: Log, outcome: Folded, due_at: int | None) -> list[str]:
    points = zip((group.key for group in log.definition.groups), outcome.sub_scores, strict=True)
    parts = ", ".join(f"{key} {round(value)}" for key, value in points)
    lines = [translated("Score {score}: {parts}.", score=round(outcome.total), parts=parts)]
    if due_at is not None:
        due = f"{instant(due_at):%Y-%m-%d %H:%M} UTC"
        lines.append(translated("An answer is due by {due}.", due=due))
    return lines
