"""The mappings in examples/in make of real requests what stands beside them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from ripeline.server.ingest.incoming import Incoming
from ripeline.server.ingest.incoming_events import Arrival, read_incoming
from ripeline.server.ingest.mappings import Mappings

FOLDER = Path(__file__).resolve().parents[2] / "examples"
CASES: dict[str, Any] = yaml.safe_load((FOLDER / "in/cases.yaml").read_text("utf-8"))
REQUESTS = sorted(path.stem for path in (FOLDER / "in/requests").glob("*.json"))
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize("case", REQUESTS)
def test_a_request_becomes_what_the_case_says(case: str) -> None:
    name = case.partition("-")[0]
    mapping = Mappings(FOLDER).of(name)
    assert isinstance(mapping, Incoming)

    taken = read_incoming((FOLDER / f"in/requests/{case}.json").read_bytes(), mapping, Arrival(name, name, NOW))

    assert taken.refused == []
    assert taken.skipped == (not CASES[case])
    for event, told in zip(taken.accepted, CASES[case], strict=True):
        assert {key: msgspec.to_builtins(getattr(event, key)) for key in told} == told


def test_every_request_has_a_case() -> None:
    assert sorted(CASES) == REQUESTS
