"""Names match however they are spelled, and whatever senders make up as names is not remembered for ever."""

import pytest

from ripeline.events import names
from ripeline.events.names import folded


@pytest.mark.parametrize(
    "spelled", ["Demo Requested", "demo_requested", "DEMO-requested", "demoRequested", "demo\trequested"]
)
def test_spellings_of_one_name_are_equal(spelled: str) -> None:
    assert folded(spelled) == "demorequested"


def test_names_are_folded_as_their_languages_do() -> None:
    assert folded("STRASSE") == folded("straße")


def test_what_is_remembered_is_bounded_in_number_and_length(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "_MOST_REMEMBERED", 3)
    remembered = names._Folded()
    forms = [remembered[name] for name in ("A", "B", "C", "D", "A", "X" * 256)]

    assert forms == ["a", "b", "c", "d", "a", "x" * 256]
    assert dict(remembered) == {"D": "d", "A": "a"}
