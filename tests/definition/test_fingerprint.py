import pytest
from hypothesis import given
from tests.strategies import definitions

from ripeline.definition.document import Document
from ripeline.definition.fingerprint import fingerprint, fingerprint_of_condition
from ripeline.definition.load import load
from ripeline.definition.model import Definition

TEXT = """\
definition: trial
scores: {e: {criteria: {c: {on: Demo Requested, where: {seats: {at_least: 5}}, points: 20}}}}
stages: {mql: {when: {total: {at_least: 20}}}}
"""


def test_layout_comments_and_quotes_do_not_matter() -> None:
    other = TEXT.replace("definition: trial", "# ours\n\n'definition': \"trial\"").replace("20}}}}", "20.0 }}}}")

    assert fingerprint(load(other)) == fingerprint(load(TEXT))
    assert len(fingerprint(load(TEXT))) == 64


@pytest.mark.parametrize(
    ("old", "new"),
    [("points: 20", "points: 21"), ("seats:", "chairs:"), ("at_least: 5", "more_than: 5"), ("trial", "trials")],
)
def test_what_it_means_does(old: str, new: str) -> None:
    assert fingerprint(load(TEXT.replace(old, new))) != fingerprint(load(TEXT))


def test_text_and_number_are_two_things() -> None:
    seven, text = (load(TEXT.replace("{at_least: 5}", written)) for written in ("7", '"7"'))

    assert fingerprint(seven) != fingerprint(text)


def test_yes_is_not_one() -> None:
    one, yes = (load(TEXT.replace("{at_least: 5}", written)) for written in ("1", "true"))

    assert fingerprint(one) != fingerprint(yes)


def test_a_condition_keeps_its_fingerprint_when_points_change() -> None:
    before, after = (load(text).criteria[0].when for text in (TEXT, TEXT.replace("points: 20", "points: 30")))

    assert before is not None and after is not None
    assert fingerprint_of_condition(before) == fingerprint_of_condition(after)


@given(definitions(), definitions())
def test_two_definitions_share_a_fingerprint_only_if_they_are_equal(one: Definition, other: Definition) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (one == other)


def test_a_document_keeps_its_text() -> None:
    document = Document("# agreed in March\n" + TEXT)

    assert document.text.startswith("# agreed in March")
    assert document.fingerprint == fingerprint(document.definition)
