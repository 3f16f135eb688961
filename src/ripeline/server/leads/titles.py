"""How a lead is called at the top of a page."""

import msgspec
from django.utils.translation import gettext as _

from ripeline.server.log.queries import LeadRecord


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
    known = record.name or record.email
    place = [record.facts.get("city"), record.facts.get("country"), first_touch]
    return Heading(
        id=record.id,
        name=record.name or record.email or name_of_unknown(record.id),
        work=" · ".join(filter(None, (record.title, record.company))),
        place=" · ".join(str(part) for part in place if part),
        is_known=bool(known),
        owner_name=record.owner_name or record.owner,
    )


def name_of_unknown(id: int) -> str:
    """What stands for the name of somebody who never gave one."""
    return _("Visitor %(id)s") % {"id": id}
