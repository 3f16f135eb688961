import os
import sqlite3
from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from tests.log.desk import AGREEMENT, MORNING, Clock, Desk
from tests.log.test_lifecycle import ANN, qualify

from ripeline.server.configuration import Mail
from ripeline.server.log import queries
from ripeline.server.log.commands import Accept, ClaimMail, Letter, Reassign, Reject, StoreUnavailable, Take, Undo
from ripeline.server.log.posting import Post, post_of
from ripeline.server.log.store import outbox
from ripeline.server.log.worker import Worker
from ripeline.server.workspace import Local


def noted(desk: Desk, name: str) -> list[int]:
    """The leads of whom the worker noted this."""
    with sqlite3.connect(desk.workspace.folder / "data" / "ripeline.db") as db:
        found = db.execute("SELECT lead FROM event WHERE kind = 'notice' AND name = ?", (name,)).fetchall()
    db.close()
    return [lead for (lead,) in found]


class Letterbox(BaseEmailBackend):
    """A mail server that takes everything, unless told what to raise."""

    def __init__(self) -> None:
        super().__init__()
        self.letters: list[EmailMessage] = []
        self.trouble: Exception | None = None
        self.taken: Callable[[], None] = lambda: None  # what happens when a letter has been taken

    def send_messages(self, email_messages: object) -> int:
        if self.trouble is not None:
            raise self.trouble
        assert isinstance(email_messages, list)
        self.letters += email_messages
        self.taken()
        return len(email_messages)


def no_network() -> None:
    raise OSError(101, "Network is unreachable")


def store_is_full(*_: object, **__: object) -> None:
    raise StoreUnavailable("the disk is full")


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
def worker(desk: Desk, letterbox: Letterbox) -> Worker:
    desk.publish()
    desk.hire("bob")
    return Worker(desk.workspace.submit, post=Post(lambda: letterbox, sender="us@ours.example"), now=desk.clock)


def test_a_breach_is_recorded_at_the_moment_it_was_due(desk: Desk, worker: Worker) -> None:
    lead = qualify(desk)
    due_at = desk.clock.now + timedelta(hours=4)
    desk.clock.advance(hours=9)

    worker.round()

    [clock] = queries.clocks(lead)
    share = queries.sla_share(since=due_at - timedelta(days=1), now=desk.clock.now)
    assert (clock.breached_at, clock.stopped_at) == (due_at, None)
    assert (share.overdue, share.share) == (1, 0.0)


def test_a_breach_while_the_process_was_down_is_found_at_the_next_start(
    folder: Path, clock: Clock, reopened: Callable[[], AbstractContextManager[Local]], letterbox: Letterbox
) -> None:
    with reopened() as opened:
        desk = Desk(opened, clock)
        desk.publish()
        desk.hire("bob")
        lead = qualify(desk)
    due_at = clock.now + timedelta(hours=4)
    clock.advance(days=2)

    with reopened() as opened:
        Worker(opened.submit, post=Post(lambda: letterbox, sender="us@ours.example"), now=clock).round()

        assert [found.breached_at for found in queries.clocks(lead)] == [due_at]


def test_an_answer_after_the_deadline_is_a_breach_even_if_the_worker_slept(desk: Desk, worker: Worker) -> None:
    lead = qualify(desk)
    desk.clock.advance(hours=5)

    desk.do(Accept(lead=lead, by="bob", at=desk.clock.now))

    [clock] = queries.clocks(lead)
    assert clock.breached_at == clock.due_at


def test_an_answer_in_time_leaves_nothing_to_find(desk: Desk, worker: Worker) -> None:
    lead = qualify(desk)
    desk.do(Accept(lead=lead, by="bob", at=desk.clock.advance(hours=3)))
    desk.clock.advance(hours=9)

    worker.round()

    [clock] = queries.clocks(lead)
    assert clock.breached_at is None


def test_the_owner_gets_one_mail(desk: Desk, worker: Worker, letterbox: Letterbox) -> None:
    qualify(desk)

    worker.round()
    worker.round()

    [letter] = letterbox.letters
    assert (letter.to, letter.subject) == (["bob@ourselves.example"], "New MQL: Ann, score 80")
    assert "An answer is due by 2026-03-02 13:00 UTC." in str(letter.body)


def test_who_is_given_a_lead_gets_one_mail_once_that_cannot_be_undone(
    desk: Desk, worker: Worker, letterbox: Letterbox
) -> None:
    desk.publish()
    desk.hire("bob", "cyd")
    lead = qualify(desk)
    worker.round()
    desk.do(Reassign(lead=lead, to="cyd", by="bob", at=desk.clock.now))
    worker.round()
    before = len(letterbox.letters)
    desk.clock.advance(seconds=10)
    worker.round()

    mail = letterbox.letters[-1]
    assert (before, len(letterbox.letters)) == (1, 2)
    assert (mail.to, mail.subject) == (["cyd@ourselves.example"], "Now yours: Ann")
    assert "Bob gave you Ann.\nAn answer is due by 2026-03-02 13:00 UTC." in mail.body


def test_an_overdue_lead_that_is_reassigned_is_noted_once(desk: Desk, worker: Worker) -> None:
    desk.publish()
    desk.hire("bob", "cyd")
    lead = qualify(desk)
    due_at = desk.clock.now + timedelta(hours=4)
    desk.clock.advance(hours=5)
    worker.round()
    desk.do(Reassign(lead=lead, to="cyd", by="bob", at=desk.clock.now))
    worker.round()

    assert noted(desk, "Answer Overdue") == [lead]
    assert [(clock.rep, clock.breached_at) for clock in queries.clocks(lead)] == [("bob", due_at), ("cyd", due_at)]


def test_a_mail_nobody_knows_to_have_left_is_shown_and_not_sent_again(
    desk: Desk, worker: Worker, letterbox: Letterbox
) -> None:
    lead = qualify(desk)
    letterbox.trouble = TimeoutError("no answer")
    worker.round()
    letterbox.trouble = None

    desk.clock.advance(days=1)
    worker.round()

    assert letterbox.letters == []
    assert [(mail.outcome, mail.detail) for mail in queries.mails(lead)] == [("unknown", "no answer")]


def test_where_the_store_fails_a_letter_that_left_is_settled_later_and_no_other_is_lost(
    desk: Desk, worker: Worker, letterbox: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    leads = [qualify(desk, user) for user in ("ann", "bea", "cat")]
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "settle", store_is_full)
        with pytest.raises(StoreUnavailable):
            worker.round()

    worker.round()

    assert [letter.subject for letter in letterbox.letters] == [
        f"New MQL: {name}, score 80" for name in ("Ann", "Bea", "Cat")
    ]
    assert [mail.outcome for lead in leads for mail in queries.mails(lead)] == ["sent"] * 3


def test_closing_waits_for_the_letter_being_sent_and_leaves_the_others(desk: Desk, letterbox: Letterbox) -> None:
    desk.publish()
    desk.hire("bob")
    leads = [qualify(desk, user) for user in ("ann", "bea")]
    post = Post(lambda: letterbox, sender="us@ours.example")
    worker = Worker(desk.workspace.submit, post=post, now=desk.clock)
    letterbox.taken = worker.close

    worker.round()

    assert [mail.outcome for lead in leads for mail in queries.mails(lead)] == ["sent", ""]


def test_a_mail_claimed_by_a_process_that_died_is_shown_and_not_sent_again(
    desk: Desk, worker: Worker, letterbox: Letterbox
) -> None:
    lead = qualify(desk)
    desk.do(ClaimMail())  # and then it died

    worker.wake_up()
    worker.round()

    assert letterbox.letters == []
    assert [mail.outcome for mail in queries.mails(lead)] == ["unknown"]


def test_a_mail_that_was_turned_away_is_sent_later(desk: Desk, worker: Worker, letterbox: Letterbox) -> None:
    lead = qualify(desk)
    letterbox.trouble = ConnectionRefusedError("down")
    worker.round()
    letterbox.trouble = None
    desk.clock.advance(seconds=31)

    worker.round()

    assert len(letterbox.letters) == 1
    assert [mail.outcome for mail in queries.mails(lead)] == ["sent"]


def test_a_mail_whose_server_cannot_be_reached_is_sent_later(
    desk: Desk, worker: Worker, letterbox: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = qualify(desk)
    with monkeypatch.context() as patch:
        patch.setattr(letterbox, "open", no_network)
        worker.round()
    [waiting] = queries.mails(lead)
    desk.clock.advance(seconds=31)

    worker.round()

    assert (waiting.outcome, waiting.detail) == ("", "[Errno 101] Network is unreachable")
    assert [mail.outcome for mail in queries.mails(lead)] == ["sent"]


def test_no_name_keeps_a_mail_from_leaving(desk: Desk, worker: Worker, letterbox: Letterbox) -> None:
    desk.send({**ANN, "traits": {"email": "ann@firm.example", "name": "Ann\r\nBcc: all@firm.example\u2028\x07Lee"}})
    desk.send({"userId": "ann", "event": "Call Requested"})

    worker.round()

    [letter] = letterbox.letters
    assert letter.subject == "New MQL: Ann Bcc: all@firm.example Lee, score 0"


def test_a_letter_with_line_breaks_in_its_headers_leaves_without_them(letterbox: Letterbox, clock: Clock) -> None:
    letter = Letter(id=1, recipient="bob@ourselves.example\n", subject="New\r\nBcc: all", body="", attempt=1)

    settled = Post(lambda: letterbox, sender="us@ours.example").send(letter, now=clock.now)

    assert (settled.outcome, letterbox.letters[0].subject) == ("sent", "New Bcc: all")
    assert letterbox.letters[0].to == ["bob@ourselves.example"]


def test_a_letter_in_the_folder_is_on_disk_before_it_counts_as_sent(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda handle: forced.append(os.fstat(handle).st_ino))
    letter = Letter(id=1, recipient="bob@ourselves.example", subject="New", body="", attempt=1)

    post_of(Mail(), outbox=tmp_path / "outbox").send(letter, now=clock.now)

    written = tmp_path / "outbox/ripeline-1.eml"
    assert forced == [written.stat().st_ino, written.parent.stat().st_ino]


def test_without_a_mail_server_letters_go_into_a_folder(desk: Desk, tmp_path: Path) -> None:
    desk.publish()
    desk.hire("bob")
    qualify(desk)

    Worker(desk.workspace.submit, post=post_of(Mail(), outbox=tmp_path / "outbox"), now=desk.clock).round()

    [letter] = (tmp_path / "outbox").iterdir()
    assert letter.suffix == ".eml" and b"New MQL: Ann" in letter.read_bytes()


def test_the_end_of_a_wait_is_noted_and_moves_nobody(desk: Desk, worker: Worker) -> None:
    lead = qualify(desk)
    desk.do(Reject(lead=lead, by="bob", reason="not_now", at=desk.clock.now))
    desk.clock.advance(days=31)

    worker.round()

    record = queries.lead(lead)
    assert record is not None and record.stage == "recycled"
    assert notices(desk) == [(lead, "Wait Over", int((MORNING + timedelta(days=30)).timestamp()) * 1_000_000)]


def notices(desk: Desk) -> list[tuple[int, str, int]]:
    """What was noted of leads by the clock: whose, what, and for when."""
    with closing(sqlite3.connect(desk.workspace.folder / "data/ripeline.db")) as db:
        return db.execute("SELECT lead, name, occurred_at FROM event WHERE kind = 'notice'").fetchall()


def test_a_wait_goes_on_where_what_ended_it_is_undone(desk: Desk, worker: Worker) -> None:
    desk.publish()
    desk.hire("bob", "cyd")
    lead = qualify(desk)
    desk.do(Reject(lead=lead, by="bob", reason="not_now", at=desk.clock.now))
    desk.clock.advance(days=1)
    desk.do(Take(lead=lead, by="cyd", at=desk.clock.now))
    desk.do(Undo(lead=lead, by="cyd", at=desk.clock.now))
    desk.clock.advance(days=30)
    worker.round()

    assert noted(desk, "Wait Over") == [lead]


def test_nobody_waits_who_was_taken_meanwhile(desk: Desk, worker: Worker) -> None:
    desk.publish()
    desk.hire("bob", "cyd")
    lead = qualify(desk)
    desk.do(Reject(lead=lead, by="bob", reason="not_now", at=desk.clock.now))
    desk.do(Take(lead=lead, by="cyd", at=desk.clock.advance(days=1)))
    desk.clock.advance(days=31)
    worker.round()

    assert noted(desk, "Wait Over") == []


def test_two_recycled_leads_who_are_one_wait_once(desk: Desk, worker: Worker) -> None:
    desk.publish()
    desk.hire("bob")
    for user in ("ann", "ben"):
        desk.do(Reject(lead=qualify(desk, user), by="bob", reason="not_now", at=desk.clock.now))
    desk.send({"type": "alias", "userId": "ann", "previousId": "ben"})
    desk.clock.advance(days=31)
    worker.round()

    assert len(noted(desk, "Wait Over")) == 1


def test_scores_of_lists_age_every_quarter_of_an_hour(desk: Desk, worker: Worker) -> None:
    lead = qualify(desk)
    worker.wake_up()
    before = queries.leads().items[0]
    desk.clock.advance(days=30)

    worker.round()

    after = queries.leads().items[0]
    assert before.id == lead and before.total == pytest.approx(80)
    assert after.total == pytest.approx(40) and after.scored_at == desk.clock.now


def test_grades_of_lists_age_with_their_scores(desk: Desk, worker: Worker) -> None:
    graded = "half_life: 30 days\n    grades: {A: 30, B: 10, C: ~}"
    desk.publish(AGREEMENT.replace("half_life: 30 days", graded))
    desk.send(ANN, {"userId": "ann", "event": "Demo Requested"})
    worker.wake_up()
    before = queries.leads().items[0].grade
    desk.clock.advance(days=30)
    worker.round()

    assert (before, queries.leads().items[0].grade) == ("A", "B")


def test_the_next_thing_due_is_known(desk: Desk, worker: Worker) -> None:
    qualify(desk)

    next_at: datetime | None = worker.round()

    assert next_at == desk.clock.now + timedelta(hours=4)
