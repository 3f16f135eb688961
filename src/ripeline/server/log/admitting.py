"""Events come in as far as their persons agreed, whoever has just made a choice first."""

from collections.abc import Sequence

from msgspec.structs import replace

from ripeline.server.log.commands import Ingest, Ingested
from ripeline.server.log.consenting import is_stating
from ripeline.server.log.ingest import ingest
from ripeline.server.log.session import Log


def admit(log: Log, commands: Sequence[Ingest]) -> list[Ingested]:
    """Carries out commands as one: the answers are in their order."""
    if not any(event.consents and is_stating(event) for command in commands for event in command.accepted):
        return _kept(log, commands)
    choices, others = _parted(commands)
    first = _kept(log, choices)
    log.next_part()
    return [_sum(*both) for both in zip(first, _kept(log, others), strict=True)]


def _kept(log: Log, commands: Sequence[Ingest]) -> list[Ingested]:
    kept = log.consents.kept(commands)
    answers = ingest(log, kept)
    if kept is commands:
        return answers
    withdrawn = [len(asked.accepted) - len(left.accepted) for asked, left in zip(commands, kept, strict=True)]
    return [replace(answer, withdrawn=count) for answer, count in zip(answers, withdrawn, strict=True)]


def _parted(commands: Sequence[Ingest]) -> tuple[list[Ingest], list[Ingest]]:
    """The events that state somebody's choice, and all the rest."""
    choices, others = [], []
    for command in commands:
        stating = [event for event in command.accepted if is_stating(event)]
        others.append(replace(command, accepted=[event for event in command.accepted if not is_stating(event)]))
        choices.append(replace(command, accepted=stating, refused=(), unkept={}))
    return choices, others


def _sum(one: Ingested, other: Ingested) -> Ingested:
    return Ingested(
        stored=one.stored + other.stored,
        duplicates=one.duplicates + other.duplicates,
        refused=one.refused + other.refused,
        withdrawn=one.withdrawn + other.withdrawn,
    )
