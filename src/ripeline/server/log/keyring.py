"""Which key opens what: hashes in memory, found in constant time, kept fresh by the writer."""

import hmac
import secrets
import sqlite3
from collections.abc import Iterable
from hashlib import sha256

import msgspec

from ripeline.events.demand import NOTHING, Demand
from ripeline.server.log.commands import KeyKind
from ripeline.server.log.store import agreement

PREFIX = {"write": "wk_", "api": "at_"}
HINT = 8


class Opening(msgspec.Struct, frozen=True):
    """What a valid key opens: its row, kind and name. A write key's name is the source of its events.

    `demand` is what that source demands before events are kept.
    """

    id: int
    kind: KeyKind
    name: str
    demand: Demand = NOTHING


class KeyRing:
    """The keys in force. `find` may be called from any thread."""

    def __init__(self) -> None:
        self._openings: dict[bytes, Opening] = {}
        self.demands: dict[str, Demand] = {}  # by source, of those that demand anything

    def find(self, secret: str, kind: KeyKind) -> Opening | None:
        """What `secret` opens as a key of `kind`, None where it is unknown, revoked or of the other kind."""
        presented = hashed(secret)
        opening = None
        for known, candidate in self._openings.items():  # all of them, so that the time tells nothing
            if hmac.compare_digest(known, presented):
                opening = candidate
        return opening if opening is not None and opening.kind == kind else None

    def replace(self, openings: Iterable[tuple[bytes, Opening]]) -> None:
        """These keys and no others are in force from now on."""
        self._openings = dict(openings)
        opened = self._openings.values()
        self.demands = {one.name: one.demand for one in opened if one.kind == "write" and one.demand}


def openings(db: sqlite3.Connection) -> list[tuple[bytes, Opening]]:
    """The keys in force, for the ring."""
    demands = agreement.demands(db)
    return [
        (digest, Opening(id, kind, name, demands.get(name, NOTHING) if kind == "write" else NOTHING))
        for digest, id, kind, name in agreement.keys_in_force(db)
    ]


def hashed(secret: str) -> bytes:
    """The 32 bytes kept of a secret. Its 192 random bits need no salt and no slow hash."""
    return sha256(secret.encode(errors="surrogatepass")).digest()


def new_secret(kind: KeyKind) -> str:
    """A fresh key of 192 random bits."""
    return PREFIX[kind] + secrets.token_urlsafe(24)
