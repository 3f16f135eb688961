"""Why a lead is in the inbox: a line that is kept while nothing changes."""

from contextvars import copy_context
from datetime import datetime

import pytest
from tests.log.desk import MORNING, Desk

from ripeline.server.log.asking import reasons
from ripeline.server.log.asking.connection import reader
from ripeline.server.log.reading import Reader
from ripeline.translation import language, use_language


@pytest.fixture
def worked_out(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The leads whose lines were worked out, in order; a line is the language it is in."""
    leads: list[int] = []

    def reason(read: Reader, lead: int, version: int, now: datetime) -> str:
        leads.append(lead)
        return language()

    monkeypatch.setattr(reasons, "_reason", reason)
    monkeypatch.setattr(reasons, "_lines", {})
    return leads


def line(lead: int = 1, fold: bytes = b"as it stands") -> str:
    return reasons._line_of(reader()[0], lead, 1, fold, MORNING)


def in_language(code: str) -> str:
    use_language(code)
    return line()


def test_a_line_is_worked_out_once_while_nothing_new_happens(worked_out: list[int]) -> None:
    assert [line(), line(), line(fold=b"later"), line(fold=b"later")] == ["en"] * 4
    assert worked_out == [1, 1]


def test_a_line_is_kept_for_those_who_read_its_language(worked_out: list[int]) -> None:
    assert [copy_context().run(in_language, code) for code in ("pl", "en", "pl")] == ["pl", "en", "pl"]
    assert worked_out == [1, 1]


def test_when_there_are_too_many_lines_the_oldest_goes(worked_out: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "KEPT", 2)

    for lead in (1, 2, 3, 2, 1):
        line(lead)

    assert worked_out == [1, 2, 3, 1]


def test_a_line_is_told_even_if_it_is_forgotten_at_once(worked_out: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reasons, "KEPT", 0)

    assert line() == "en"
