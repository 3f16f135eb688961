"""Reps and keys."""

from ripeline.events.demand import MOST_PURPOSES, Demand
from ripeline.events.instants import micros
from ripeline.events.names import LONGEST_NAME, folded
from ripeline.server.log.commands import (
    DemandConsent,
    Done,
    KeepRep,
    KeyMade,
    NameTaken,
    NewKey,
    NoPurpose,
    RevokeKey,
    UnknownKey,
)
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
    log.consents.forget()
    secret = new_secret(command.kind)
    id = agreement.add_key(
        log.db, kind=command.kind, name=name, digest=hashed(secret), hint=secret[:HINT], at=micros(command.at)
    )
    return KeyMade(id=id, kind=command.kind, name=name, secret=secret)


def revoke_key(log: Log, command: RevokeKey) -> Done:
    agreement.revoke_key(log.db, command.id, at=micros(command.at))
    log.consents.forget()
    return Done()


def demand_consent(log: Log, command: DemandConsent) -> Done:
    """The rule holds from the next event on; what is stored stays."""
    demand = command.demand
    purposes = {folded(name): name.strip() for name in demand.purposes if folded(name)}
    if demand.given and not purposes:
        raise NoPurpose(translated("Name the purpose for which consent is demanded."))
    if len(purposes) > MOST_PURPOSES or any(len(name) > LONGEST_NAME for name in purposes.values()):
        told = "A source has at most {count} names for its purpose, each of at most {length} characters."
        raise NoPurpose(translated(told, count=MOST_PURPOSES, length=LONGEST_NAME))
    kept = Demand(purposes=tuple(purposes.values()), given=demand.given, signals=demand.signals)
    if not agreement.demand(log.db, command.id, kept):
        raise UnknownKey(translated("There is no write key {id} in force.", id=command.id))
    log.consents.forget()
    return Done()
