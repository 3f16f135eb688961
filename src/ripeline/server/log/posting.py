"""How a letter leaves: by whatever mail the workspace has, or into a folder. What is not known is said so."""

import logging
import os
import re
import smtplib
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from ripeline.server.configuration import Mail
from ripeline.server.log.commands import Letter, SettleMail
from ripeline.server.log.profile import one_line

MOST_ATTEMPTS = 8
PATIENCE_SECONDS = 30  # with a mail server that does not answer
FIRST_PAUSE = timedelta(seconds=30)

# The other side has said no, or was never reached: the letter has not left.
_NOT_SENT = (
    smtplib.SMTPConnectError,
    smtplib.SMTPHeloError,
    smtplib.SMTPNotSupportedError,
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPDataError,
    ConnectionRefusedError,
    socket.gaierror,
)

logger = logging.getLogger(__name__)


class Post:
    """Sends letters through a Django mail backend, each with the same Message-ID at every attempt."""

    def __init__(self, backend: Callable[[], BaseEmailBackend], *, sender: str) -> None:
        self._backend = backend
        self._sender = sender

    def send(self, letter: Letter, *, now: datetime) -> SettleMail:
        """Sends once. What is certain not to have left is tried again later, up to a day; the unknown is not.

        Until a message is handed over, whatever fails leaves it here.
        """
        try:
            message = self._message(letter)
            message.message()
            backend = self._backend()
            backend.open()
        except Exception as error:  # noqa: BLE001 - providers' backends raise what they like
            return self._not_sent(letter, _said(error), now)
        try:
            return self._handed_over(backend, message, letter, now)
        finally:
            with suppress(Exception):  # it has left or not, however the other side says goodbye
                backend.close()

    def _handed_over(
        self, backend: BaseEmailBackend, message: EmailMessage, letter: Letter, now: datetime
    ) -> SettleMail:
        try:
            taken = backend.send_messages([message])
        except _NOT_SENT as error:
            return self._not_sent(letter, _said(error), now)
        except Exception as error:  # noqa: BLE001 - providers' backends raise what they like
            logger.warning("it is not known whether a mail left: %s", error)
            return SettleMail(id=letter.id, outcome="unknown", detail=_said(error))
        if taken == 0:
            return self._not_sent(letter, "the mail backend took nothing", now)
        return SettleMail(id=letter.id, outcome="sent")

    def _message(self, letter: Letter) -> EmailMessage:
        domain = self._sender.rpartition("@")[2].strip("> ") or "localhost"
        return EmailMessage(
            one_line(letter.subject),
            letter.body,
            self._sender,
            [one_line(letter.recipient)],
            headers={"Message-ID": f"<ripeline-{letter.id}@{domain}>"},
        )

    def _not_sent(self, letter: Letter, detail: str, now: datetime) -> SettleMail:
        if letter.attempt >= MOST_ATTEMPTS:
            return SettleMail(id=letter.id, outcome="failed", detail=detail)
        pause = FIRST_PAUSE * 2 ** (letter.attempt - 1)
        return SettleMail(id=letter.id, outcome="failed", detail=detail, again_at=now + pause)


def _said(error: Exception) -> str:
    return str(error) or type(error).__name__


def post_of(mail: Mail, *, outbox: Path) -> Post:
    """How the workspace sends: by its provider, its mail server, else into the folder `outbox`."""

    def backend() -> BaseEmailBackend:
        if mail.provider:
            return get_connection(f"anymail.backends.{mail.provider}.EmailBackend", **mail.options)
        if mail.smtp is None:
            return FileOutbox(outbox)
        smtp = mail.smtp
        return get_connection(
            "django.core.mail.backends.smtp.EmailBackend",
            host=smtp.host,
            port=smtp.port,
            username=smtp.user,
            password=smtp.password,
            use_tls=smtp.security == "starttls",
            use_ssl=smtp.security == "tls",
            timeout=PATIENCE_SECONDS,
        )

    return Post(backend, sender=mail.sender)


class FileOutbox(BaseEmailBackend):
    """Writes each message into `folder` as an .eml file, for a workspace without mail. It is on disk when taken."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many were written: all."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = re.sub(r"[^A-Za-z0-9-]+", "", str(message.extra_headers["Message-ID"]).partition("@")[0])
            with (self._folder / f"{name}.eml").open("wb") as file:
                file.write(message.message().as_bytes())
                file.flush()
                os.fsync(file.fileno())
        _forced(self._folder)
        return len(email_messages)


def _forced(folder: Path) -> None:
    """A new file's name is on disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
