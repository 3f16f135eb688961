"""What the benchmark of whole histories asks: its lake is a true one, and its SQL gives our answers."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from benchmarks.history import AS_OF, DEFINITION, GROUPS
from benchmarks.history_lake import READ, made, segments
from benchmarks.history_sql import run

from ripeline.batch.backfill import columns_of
from ripeline.batch.score import score
from ripeline.definition.load import read


def test_the_columns_of_the_generated_lake_are_what_its_messages_say() -> None:
    (segment,) = segments(2_000, 100)
    told = columns_of(segment, READ)

    assert len(told.column_names) == 3
    assert all(told[name].combine_chunks().equals(segment[name].combine_chunks()) for name in told.column_names)


def test_the_definition_has_45_criteria_three_of_them_on_properties() -> None:
    criteria = read(DEFINITION).criteria

    assert len(criteria) == 45
    assert sum(criterion.when is not None for criterion in criteria) == 3
    assert {criterion.age.kind for criterion in criteria} == {"none", "half_life", "window"}


@pytest.mark.slow
def test_the_sql_gives_the_same_scores_and_crossings(tmp_path: Path) -> None:
    lake = made(tmp_path, events=60_000, leads=600)
    ours = score(read(DEFINITION), lake, as_of=AS_OF)
    run([str(path) for path in lake.contents().parts], AS_OF.isoformat(), tmp_path / "duckdb.parquet", threads=2)
    theirs = pq.read_table(tmp_path / "duckdb.parquet")

    assert ours["lead"].equals(theirs["lead"])
    for column in ("score", *GROUPS):
        assert np.allclose(ours[column].to_numpy(), theirs[column].to_numpy(), rtol=0, atol=1e-6)
    assert ours["qualified_at"].cast("int64").equals(theirs["qualified_at"].cast("int64"))
    assert ours["qualified_at"].null_count < 500
