"""Who agreed to what."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from ripeline.events.consent import EVERYTHING
from ripeline.events.instants import instant, micros
from ripeline.events.names import folded
from ripeline.server.log.asking.connection import database, reader
from ripeline.server.log.consenting import Consents, standing
from ripeline.server.log.records import ConsentRecord
from ripeline.server.log.store import events as rows
from ripeline.server.log.store import identities as ids
from ripeline.server.log.store.consents import ConsentRow


def consents(lead: int, *, as_of: datetime) -> list[ConsentRecord]:
    """What holds for each purpose of which a lead ever said anything, by purpose."""
    said = _said(lead)
    purposes = sorted({row.purpose for row in said})
    names = rows.source_names(database()) if said else {}
    found = (_standing([row for row in said if row.purpose == purpose], names, as_of) for purpose in purposes)
    return [record for record in found if record is not None]


def consent(lead: int, *names: str, as_of: datetime) -> ConsentRecord | None:
    """What holds for one purpose, whose `names` are all that senders call it; None where nothing was ever said.

    A no to everything that came later counts.
    """
    wanted = {EVERYTHING, *map(folded, names)}
    said = [row for row in _said(lead) if row.purpose in wanted]
    return _standing(said, rows.source_names(database()), as_of)


def _said(lead: int) -> list[ConsentRow]:
    present = ids.resolved(database(), lead)
    if present is None:
        return []
    _, identities = reader()
    return Consents(database(), identities).of(present)


def _standing(said: Iterable[ConsentRow], names: Mapping[int, str], as_of: datetime) -> ConsentRecord | None:
    latest = standing(said, at=micros(as_of))
    if latest is None:
        return None
    return ConsentRecord(
        purpose=latest.title,
        given=bool(latest.given),
        wording=latest.wording,
        at=instant(latest.first_at),
        source=names[latest.source],
        stated=bool(latest.stated),
    )
