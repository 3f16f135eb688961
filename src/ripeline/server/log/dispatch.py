"""Which function carries out which command."""

from collections.abc import Callable
from typing import Any

from ripeline.server.log import acts, commands, duties, importing, people, publishing, replaying, rulings
from ripeline.server.log.commands import Answer, Command, NotAllowed
from ripeline.server.log.session import Log


def _restore(log: Log, command: commands.Restore) -> Answer:
    """Loaded when it is asked for: it reads Parquet, which no start waits for."""
    from ripeline.server.log.restoring import restore

    return restore(log, command)


_CARRY_OUT: dict[type[Command], Callable[[Log, Any], Answer]] = {
    commands.ImportHistory: importing.import_history,
    commands.Restore: _restore,
    commands.Accept: acts.accept,
    commands.Reject: acts.reject,
    commands.Take: acts.take,
    commands.Reassign: acts.reassign,
    commands.Outcome: acts.outcome,
    commands.Undo: acts.undo,
    commands.Replay: replaying.replay,
    commands.Discard: replaying.discard,
    commands.Resume: replaying.resume,
    commands.SamePerson: rulings.same_person,
    commands.DifferentPeople: rulings.different_people,
    commands.Unmerge: rulings.unmerge,
    commands.UndoRuling: rulings.undo,
    commands.Publish: publishing.publish,
    commands.NewKey: people.new_key,
    commands.RevokeKey: people.revoke_key,
    commands.DemandConsent: people.demand_consent,
    commands.KeepRep: people.keep_rep,
    commands.DoDue: duties.do_due,
    commands.ClaimMail: duties.claim_mail,
    commands.SettleMail: duties.settle_mail,
    commands.WakeUp: duties.wake_up,
}

_DECIDING = (
    commands.Accept, commands.Reject, commands.Take, commands.Reassign, commands.Outcome, commands.Undo,
    commands.ImportHistory, commands.SamePerson, commands.Unmerge, commands.UndoRuling,
)  # fmt: skip


def carry_out(log: Log, command: Command) -> Answer:
    """The command's answer; what it raises is the command's failure."""
    if log.is_unreadable and isinstance(command, _DECIDING):
        raise NotAllowed("unreadable-version", number=log.version_number)
    return _CARRY_OUT[type(command)](log, command)
