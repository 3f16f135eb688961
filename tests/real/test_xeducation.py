"""Course enquiries: conversion by score band, without the columns that give the outcome away."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from ripeline.batch.mapped_rows import cells_of
from ripeline.batch.mapping_text import read_mapping
from ripeline.batch.score import score_files
from ripeline.definition.cases import load_cases
from ripeline.definition.load import read
from ripeline.stats.bands import Band

EXAMPLE = Path(__file__).parents[2] / "examples" / "xeducation"
WRITTEN_AFTERWARDS = {
    "Tags",
    "Lead Quality",
    "Lead Profile",
    "Last Activity",
    "Last Notable Activity",
    "Asymmetrique Activity Index",
    "Asymmetrique Profile Index",
    "Asymmetrique Activity Score",
    "Asymmetrique Profile Score",
    "Lead Origin",
    "What is your current occupation",
    "Converted",
}


def report_script() -> ModuleType:
    """The report of the example, which is a program and in no package."""
    spec = importlib.util.spec_from_file_location("xeducation_report", EXAMPLE / "report.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def enquiries(shared: Path) -> Path:
    folder = shared / "data" / "xeducation"
    if not folder.is_dir():
        pytest.skip("the enquiries of X Education are not among the shared data")
    return folder


@pytest.fixture(scope="module")
def conversions(enquiries: Path) -> dict[str, list[Band]]:
    found: dict[str, list[Band]] = report_script().conversions(enquiries)
    return found


def test_no_column_is_read_that_gives_the_outcome_away() -> None:
    rows = read_mapping(EXAMPLE / "map.yaml").files[0].rows
    columns = {cell.column for cell in cells_of(rows)}
    columns |= {field for event in rows.events if event.when for field in event.when.fields()}

    assert not columns & WRITTEN_AFTERWARDS
    assert load_cases(EXAMPLE / "cases" / "enquiries.yaml")


@pytest.mark.slow
def test_higher_bands_convert_more_often_among_those_who_came_by_themselves(
    conversions: dict[str, list[Band]],
) -> None:
    *_, middle, high, highest = [band.won for band in conversions["who came by themselves"]]

    assert middle.high is not None and high.low is not None and high.high is not None and highest.low is not None
    assert middle.high < high.low and high.high < highest.low


@pytest.mark.slow
def test_everybody_is_in_a_band(conversions: dict[str, list[Band]]) -> None:
    bands = conversions["all leads"]

    assert sum(band.won.of for band in bands) == 6_468
    assert sum(band.won.count for band in bands) == 2_493


@pytest.mark.slow
def test_the_report_says_what_the_readme_says(conversions: dict[str, list[Band]]) -> None:
    told = (EXAMPLE / "README.md").read_text("utf-8")

    for bands in conversions.values():
        assert all(str(band.won) in told for band in bands)
    assert "75 to" in report_script().report(conversions)


@pytest.mark.slow
def test_open_enquiries_are_scored_by_the_same_mapping(enquiries: Path) -> None:
    definition, mapping = read(EXAMPLE / "definition.yaml"), read_mapping(EXAMPLE / "map.yaml")
    as_of = report_script().AS_OF
    refused: list[str] = []
    told = score_files(
        definition, enquiries / "leads_open.csv.gz", mapping, as_of=as_of, refused=lambda row: refused.append(str(row))
    )

    assert (told.num_rows, refused) == (2_772, [])
    assert 0.2 < sum(told["qualifies"].to_pylist()) / told.num_rows < 0.5
