"""The loan funnel: does qualifying tell anything about cases whose outcome is still ahead?"""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from ripeline.batch.mapping_text import read_mapping
from ripeline.batch.score import history_of
from ripeline.definition.cases import load_cases
from ripeline.definition.load import read
from ripeline.stats.landmark import Comparison

EXAMPLE = Path(__file__).parents[2] / "examples" / "loan-funnel"


def script(folder: Path) -> ModuleType:
    """The report of an example, which is a program and in no package."""
    spec = importlib.util.spec_from_file_location(folder.name.replace("-", "_"), folder / "report.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def applications(shared: Path) -> Path:
    folder = shared / "data" / "loan_funnel_bpi2012"
    if not folder.is_dir():
        pytest.skip("the loan funnel of the BPI Challenge 2012 is not among the shared data")
    return folder


@pytest.fixture(scope="module")
def comparisons(applications: Path) -> dict[int, Comparison]:
    found: dict[int, Comparison] = script(EXAMPLE).comparisons(applications)
    return found


def test_no_criterion_looks_at_what_only_happens_to_won_cases() -> None:
    read_of = {criterion.on for criterion in read(EXAMPLE / "definition.yaml").criteria}

    assert not read_of & {"O_ACCEPTED", "A_APPROVED", "A_REGISTERED", "A_ACTIVATED"}
    assert load_cases(EXAMPLE / "cases" / "applications.yaml")


@pytest.mark.slow
@pytest.mark.parametrize("days", [1, 3, 7])
def test_who_qualified_by_a_landmark_was_won_more_often(comparisons: dict[int, Comparison], days: int) -> None:
    comparison = comparisons[days]

    assert comparison.difference.low is not None and comparison.difference.low > 0.15
    assert comparison.qualified.won.of > 1_500 and comparison.not_qualified.won.of > 1_000


@pytest.mark.slow
def test_the_open_cases_of_each_landmark_are_all_there(comparisons: dict[int, Comparison]) -> None:
    everybody = {days: comparison.everybody for days, comparison in comparisons.items()}

    assert {days: side.people for days, side in everybody.items()} == {1: 4338, 3: 3981, 7: 3744}
    assert {side.still_open for side in everybody.values()} == {9}
    assert everybody[7].won.value == pytest.approx(0.41365, abs=1e-5)


@pytest.mark.slow
def test_the_report_says_what_the_readme_says(comparisons: dict[int, Comparison]) -> None:
    told = (EXAMPLE / "README.md").read_text("utf-8")

    for comparison in comparisons.values():
        assert str(comparison.qualified.won) in told
        assert str(comparison.not_qualified.won) in told
    assert "still open 9" in script(EXAMPLE).report(comparisons)


@pytest.mark.slow
def test_a_cases_history_keeps_the_order_of_the_log(applications: Path) -> None:
    history = history_of(applications, read_mapping(EXAMPLE / "map.yaml"), "173688")

    assert history is not None and history.reachable
    names = [event.name for event in history.events]
    assert names[:4] == ["Identified", "A_SUBMITTED", "A_PARTLYSUBMITTED", "A_PREACCEPTED"]
    won = ["A_REGISTERED", "A_APPROVED", "O_ACCEPTED", "A_ACTIVATED"]  # all of one instant
    assert [name for name in names if name in won] == won
