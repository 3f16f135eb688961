"""Which function carries out which command."""

from collections.abc import Callable
from typing import Any

from ripeline.server.log import acts, commands, duties, importing, people, publishing, rulings
from ripeline.server.log.commands import Answer, Command, NotAllowed
from ripeline.server.log.session import Log

_CARRY_OUT: dict[type[Command], Callable[[Log, Any], Answer]] = {
    commands.ImportHistory: importing.import_history,
    commands.Accept: acts.accept,
    commands.Reject: acts.reject,
    commands.Take: acts.take,
    commands.Reassign: acts.reassign,
    commands.Outcome: acts.outcome,
    commands.Undo: acts.undo,
    commands.SamePerson: rulings.same_person,
    commands.DifferentPeople: rulings.different_people,
    commands.Unmerge: rulings.unmerge,
    commands.UndoRuling: rulings.undo,
    commands.Publish: publishing.publish,
    commands.NewKey: people.new_key,
    commands.RevokeKey: people.revoke_key,
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
