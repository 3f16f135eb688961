"""How a lead is called at the top of a page."""

import msgspec

from ripeline.server.log.queries import LeadRecord

_NAMES = {"name", "firstname", "lastname", "email"}


class Heading(msgspec.Struct, frozen=True, kw_only=True):
    """Name, work and where they come from; `is_known` tells a person from a visitor without a name."""

    id: int
    name: str
    work: str
    place: str
    is_known: bool
    owner_name: str


def heading(record: LeadRecord, *, first_touch: str = "") -> Heading:
    """The heading of a lead."""
    place = [record.facts.get("city"), record.facts.get("country"), first_touch]
    return Heading(
        id=record.id,
        name=record.name,
        work=" · ".join(filter(None, (record.title, record.company))),
        place=" · ".join(str(part) for part in place if part),
        is_known=bool(_NAMES & record.facts.keys()),
        owner_name=record.owner_name or record.owner,
    )
