"""Reps and keys."""

from ripeline.events.instants import micros
from ripeline.server.log.commands import Done, KeepRep, KeyMade, NameTaken, NewKey, RevokeKey
from ripeline.server.log.keyring import HINT, hashed, new_secret
from ripeline.server.log.session import Log
from ripeline.server.log.store import agreement, lifecycle
from ripeline.server.log.store.lifecycle import RepRow
from ripeline.translation import translated


def keep_rep(log: Log, command: KeepRep) -> Done:
    lifecycle.keep_rep(log.db, RepRow(command.key, command.name, command.email, command.takes_leads))
    return Done()


def new_key(log: Log, command: NewKey) -> KeyMade:
    """Two sources of one name could not be told apart, so a name is given once while its key is in force."""
    name = command.name.strip()
    if (command.kind, name) in {(kind, taken) for _, _, kind, taken in agreement.keys_in_force(log.db)}:
        raise NameTaken(
            translated("There is a key “{name}” already. Revoke it first, or take another name.", name=name)
        )
    secret = new_secret(command.kind)
    id = agreement.add_key(
        log.db, kind=command.kind, name=name, digest=hashed(secret), hint=secret[:HINT], at=micros(command.at)
    )
    return KeyMade(id=id, kind=command.kind, name=name, secret=secret)


def revoke_key(log: Log, command: RevokeKey) -> Done:
    agreement.revoke_key(log.db, command.id, at=micros(command.at))
    return Done()
