"""Published versions."""

from functools import lru_cache

import msgspec

from ripeline.definition.load import DefinitionError, load
from ripeline.definition.model import Definition
from ripeline.events.instants import instant
from ripeline.server.log import models
from ripeline.server.log.asking.connection import database_name, rows
from ripeline.server.log.commands import Signature
from ripeline.server.log.records import Version

_VERSIONS = """
SELECT version.number, definition."key", title, fingerprint, text, signatures, mode, published_at
FROM version JOIN definition ON definition.id = version.definition
"""


def versions() -> list[Version]:
    """Every published version, newest first."""
    return [_version(row) for row in rows(_VERSIONS + "ORDER BY number DESC")]


def current_version() -> Version | None:
    """The version in force; None before the first is published."""
    return next((_version(row) for row in rows(_VERSIONS + "ORDER BY number DESC LIMIT 1")), None)


def version(number: int) -> Version | None:
    """One published version."""
    return next((_version(row) for row in rows(_VERSIONS + "WHERE number = :number", {"number": number})), None)


def definition(number: int) -> Definition | None:
    """The parsed definition of a version, None if this release cannot read it. Raises LookupError for no version."""
    return _agreed(database_name(), number)[1]


def definition_number(number: int) -> int:
    """The lasting number of the definition that a version is of; raises LookupError where there is none."""
    return _agreed(database_name(), number)[0]


def named_scores(points: bytes, number: int) -> dict[str, float]:
    """Sub-scores as they are stored, by the keys of the groups of the version that gave them."""
    groups = _group_keys(database_name(), number) if number else ()
    if not groups:
        return {}
    return dict(zip(groups, msgspec.json.decode(points, type=list[float]), strict=True))


@lru_cache(maxsize=64)
def _group_keys(_database: str, number: int) -> tuple[str, ...]:
    known = definition(number)
    return tuple(group.key for group in known.groups) if known is not None else ()


@lru_cache(maxsize=64)
def _agreed(_database: str, number: int) -> tuple[int, Definition | None]:
    """Read once: a published version never changes."""
    found = models.Version.objects.filter(number=number).values_list("definition", "fingerprint", "text").first()
    if found is None:
        raise LookupError(f"no version {number}")
    return found[0], _parsed(*found[1:])


@lru_cache(maxsize=16)
def _parsed(fingerprint: str, text: str) -> Definition | None:
    try:
        return load(text)
    except DefinitionError:
        return None


def _version(row: dict[str, str | int]) -> Version:
    published_at, signatures = int(row.pop("published_at")), str(row.pop("signatures"))
    signed = msgspec.json.decode(signatures, type=tuple[Signature, ...])
    return msgspec.convert({**row, "published_at": instant(published_at), "signatures": signed}, Version)
