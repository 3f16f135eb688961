"""Refused events become events after all, or are discarded; their rows stay and say by whom, when and as what."""

from collections.abc import Sequence

from ripeline.events.instants import instant, micros
from ripeline.server.log.commands import (
    Discard,
    Ingest,
    Ingested,
    NotAllowed,
    Replay,
    Replayed,
    Resume,
    Resumed,
    Settled,
    UnknownRefused,
)
from ripeline.server.log.ingest import ingest
from ripeline.server.log.session import Log
from ripeline.server.log.store import events, lifecycle, refused
from ripeline.server.log.store.connection import can_be_a_row
from ripeline.server.log.store.refused import Outcome, RefusedRow


def replay(log: Log, command: Replay) -> Settled:
    """The events enter the log as any others, each once by its message id."""
    at = micros(command.at)
    rows = _settleable(log, command)
    first = log.next_seq
    taken = [_ingest_of(row) for row in rows]
    answers = ingest(log, taken) if taken else []
    places = events.places(log.db, since=first) if any(answer.stored for answer in answers) else {}
    outcomes = [_outcome(log, row, answer, places) for row, answer in zip(rows, answers, strict=True)]
    refused.replayed(log.db, outcomes, by=command.by, at=at)
    if command.resumption is not None:
        _advance(log, command.resumption, reached=command.reached, settled=len(rows), again=command.again)
    return Settled(
        settled=len(rows),
        stored=sum(answer.stored for answer in answers),
        duplicates=sum(answer.duplicates for answer in answers),
        refused=sum(answer.refused for answer in answers),
    )


def discard(log: Log, command: Discard) -> Settled:
    """They stay as they are, and nobody is asked about them again."""
    ids = [id for id in command.ids if can_be_a_row(id)]
    if command.resumption is None:
        _check_found(command.ids, refused.found(log.db, ids))
    count = refused.discard(log.db, ids, by=command.by, at=micros(command.at))
    if command.resumption is not None:
        _advance(log, command.resumption, reached=command.reached, settled=count, again=0)
    return Settled(settled=count)


def resume(log: Log, command: Resume) -> Resumed:
    """What is refused from now on is no part of it."""
    source = log.source(command.source) if command.source else None
    since, until = (None if at is None else micros(at) for at in (command.since, command.until))
    count, last = refused.span(log.db, source=source, reason=command.reason, since=since, until=until)
    asked = {"source": source, "reason": command.reason, "since": since, "until": until}
    at = micros(command.at)
    id = refused.begin(log.db, act=command.act, by=command.by, at=at, last=last, total=count, **asked)
    if not count:
        refused.advance(log.db, id, reached=0, settled=0, refused=0, done_at=at)
    return Resumed(id=id, total=count)


def _settleable(log: Log, command: Replay) -> list[Replayed]:
    """The rows that nobody has replayed. Raises UnknownRefused and NotAllowed outside of a resumption."""
    found = refused.found(log.db, [row.id for row in command.rows if can_be_a_row(row.id)])
    if command.resumption is None:
        _check_found([row.id for row in command.rows], found)
        for row in found.values():
            if row.settled_as == "replayed":
                raise _already(log, row)
    return [row for row in command.rows if row.id in found and found[row.id].settled_as != "replayed"]


def _check_found(ids: Sequence[int], found: dict[int, RefusedRow]) -> None:
    for id in ids:
        if id not in found:
            raise UnknownRefused("unknown-refused", id=id)


def _already(log: Log, row: RefusedRow) -> NotAllowed:
    names = {rep.key: rep.name for rep in lifecycle.reps(log.db)}
    return NotAllowed(
        "already-replayed", name=names.get(row.settled_by) or row.settled_by, when=instant(row.settled_at or 0)
    )


def _ingest_of(row: Replayed) -> Ingest:
    source = next((one.source for one in row.accepted), "") or next((one.source for one in row.refused), "")
    return Ingest(source=source, accepted=row.accepted, refused=row.refused)


def _outcome(log: Log, row: Replayed, answer: Ingested, places: dict[tuple[int, str], int]) -> Outcome:
    """A message that had come before has no place among the new ones: the row names it all the same."""
    named = [(places.get((log.source(event.source), event.message_id)), event.message_id) for event in row.accepted]
    new = [(seq, id) for seq, id in named if seq is not None]
    seq, message_id = min(new) if new else (named or [(None, "")])[0]
    return Outcome(row.id, answer.stored, seq, message_id)


def _advance(log: Log, id: int, *, reached: int, settled: int, again: int) -> None:
    row = refused.resumption(log.db, id)
    if row is not None:
        done_at = log.at if reached >= row.last else None
        refused.advance(log.db, id, reached=reached, settled=settled, refused=again, done_at=done_at)
