"""Who works at Kestrel and signs in to its console."""

import msgspec


class Colleague(msgspec.Struct, frozen=True):
    """`email` is what they sign in with; `team` is marketing, sales or operations, and sales is given leads in turn."""

    email: str
    name: str
    team: str
    administers: bool = False


STAFF = (
    Colleague("ada@kestrel.example", "Ada Lindholm", "marketing", administers=True),
    Colleague("jonas@kestrel.example", "Jonas Berg", "sales"),
    Colleague("magda@kestrel.example", "Magda Król", "sales"),
    Colleague("elisa@kestrel.example", "Elisa Fontana", "sales"),
)
SELLERS = tuple(colleague.email for colleague in STAFF if colleague.team == "sales")
SIGNED = {"marketing": "Ada Lindholm", "sales": "Jonas Berg"}
