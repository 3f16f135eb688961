"""What the worker has the writer do: the due thing, the claiming of mails and what became of them."""

from ripeline.events.instants import instant, micros
from ripeline.server.log import ageing, errands
from ripeline.server.log.commands import Claimed, ClaimMail, DoDue, Done, DueDone, Letter, SettleMail, WakeUp
from ripeline.server.log.session import Log
from ripeline.server.log.store import lifecycle, outbox
from ripeline.translation import translated


def do_due(log: Log, command: DoDue) -> DueDone:
    done = errands.due(log)
    next_at = lifecycle.next_due(log.db)
    return DueDone(taken=done.taken, failed=done.failed, next_at=None if next_at is None else instant(next_at))


def claim_mail(log: Log, command: ClaimMail) -> Claimed:
    row = outbox.claim(log.db, now=log.at)
    if row is None:
        return Claimed(letter=None)
    letter = Letter(id=row.id, recipient=row.recipient, subject=row.subject, body=row.body, attempt=row.attempts)
    return Claimed(letter=letter)


def settle_mail(log: Log, command: SettleMail) -> Done:
    if command.again_at is not None:
        outbox.try_again(log.db, command.id, due_at=micros(command.again_at), detail=command.detail)
    else:
        outbox.settle(log.db, command.id, outcome=command.outcome, detail=command.detail, at=log.at)
    return Done()


def wake_up(log: Log, command: WakeUp) -> Done:
    outbox.forsake(
        log.db, at=log.at, detail=translated("The process ended while this was being sent; it may have arrived.")
    )
    ageing.begin(log)
    return Done()
