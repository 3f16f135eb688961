"""Who works at Kestrel and signs in to its console."""

import msgspec


class Colleague(msgspec.Struct, frozen=True):
    """`user` is the name they sign in under; those who `sell` are given leads in turn."""

    user: str
    name: str
    email: str
    sells: bool = False
    administers: bool = False


STAFF = (
    Colleague("ada", "Ada Lindholm", "ada@kestrel.example", administers=True),
    Colleague("jonas", "Jonas Berg", "jonas@kestrel.example", sells=True),
    Colleague("magda", "Magda Król", "magda@kestrel.example", sells=True),
    Colleague("elisa", "Elisa Fontana", "elisa@kestrel.example", sells=True),
)
SELLERS = tuple(colleague.user for colleague in STAFF if colleague.sells)
SIGNED = {"marketing": "Ada Lindholm", "sales": "Jonas Berg"}
