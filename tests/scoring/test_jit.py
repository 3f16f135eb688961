import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError
from typing import Any

import numpy as np
import pytest
from tests.scoring.happened import agreed, day, did

from ripeline.scoring import jit, tables
from ripeline.scoring.folding import course, run
from ripeline.scoring.program import compiled
from ripeline.scoring.rows import RowBuilder
from ripeline.scoring.tables import ALWAYS, States

ENGAGED = "{engagement: {criteria: {demo: {on: Demo Requested, points: 20, half_life: 30 days}}}}"


@pytest.fixture
def without_numba(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(jit, "has_numba", lambda: False)
    jit._compiled_once.cache_clear()
    yield
    jit._compiled_once.cache_clear()


def test_importing_the_fold_loads_no_compiler() -> None:
    rooms = ", ".join(f"ripeline.scoring.{name}" for name in ("live", "history", "explain"))
    code = f"import sys, {rooms}; print('numba' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert told.strip() == "False"


def test_without_numba_scores_are_the_same_and_it_says_so(
    without_numba: None, caplog: pytest.LogCaptureFixture
) -> None:
    program = compiled(agreed(ENGAGED))
    builder = RowBuilder(program.shapes)
    builder.add(did("Demo Requested", day(0)))
    builder.end_lead()

    with caplog.at_level(logging.WARNING):
        found = run(program, builder.rows(), course(until=ALWAYS, read_at=builder.at[0] + 30 * 86_400_000_000))

    assert found.scores.tolist() == [[10.0, 10.0]]
    assert "numba is not installed" in caplog.text
    assert not jit.compiled_ahead()


def test_threads_that_ask_at_once_have_it_compiled_once(monkeypatch: pytest.MonkeyPatch) -> None:
    another, made = Barrier(2), []

    def made_of_source() -> object:
        with suppress(BrokenBarrierError):
            another.wait(timeout=0.2)  # for a thread that compiles beside this one
        made.append(object())
        return made[-1]

    monkeypatch.setattr(jit, "_as_machine_code", made_of_source)
    jit._compiled_once.cache_clear()
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda _: jit.compiled(), range(2)))
    jit._compiled_once.cache_clear()

    assert found == made * 2


def test_a_state_kept_by_the_one_is_folded_on_by_the_other() -> None:
    program = compiled(agreed("{e: {criteria: {a: {on: Demo, points: 5, window: 9 days}, b: {on: Demo, points: 1}}}}"))
    begun, later = RowBuilder(program.shapes), RowBuilder(program.shapes)
    for builder, at in ((begun, 0), (later, 1)):
        builder.add(did("Demo", day(at)))
        builder.end_lead()
    how = course(until=ALWAYS, read_at=0)

    first = run(program, begun.rows(), how, keeps=True, kernels=jit.plain())
    words = first.kept[: first.ends[-1]].copy()
    states = States(np.array([0, len(words)]), words, words.view(np.float64))
    both = [run(program, later.rows(), how, states=states, kernels=kernels) for kernels in (None, jit.plain())]

    assert [found.scores.tolist() for found in both] == [[[12.0, 12.0]]] * 2


@pytest.fixture
def folder_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """The name of the folder where the one kernel is `source`."""

    def folder(source: str) -> str:
        file, names = tmp_path / "kernels.py", dict[str, Any]()
        file.write_text(source)
        exec(compile(source, str(file), "exec"), names)
        monkeypatch.setattr(jit, "_all_kernels", lambda: [names["kernel"]])
        jit.cache_folder.cache_clear()
        return jit.cache_folder().name

    yield folder
    jit.cache_folder.cache_clear()


def test_kernels_are_kept_in_a_folder_that_their_source_names(folder_of: Callable[[str], str]) -> None:
    one, other = "def kernel(): return 1", "def kernel(): return 2"

    names = [folder_of(source) for source in (one, other, one)]

    assert names[0] == names[2] != names[1]
    assert names[0].startswith("fold-")


def test_numbers_that_kernels_read_are_part_of_their_source(
    folder_of: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = folder_of("def kernel(): return 1")
    changed = tmp_path / "tables.py"
    changed.write_text("POOLED = 18")
    monkeypatch.setattr(tables, "__file__", str(changed))

    assert folder_of("def kernel(): return 1") != before
