"""Compile the fold into the user's cache ahead of the first start."""

from ripeline.definition.model import Definition
from ripeline.scoring import jit
from ripeline.scoring.folding import course, run
from ripeline.scoring.program import Program, compiled
from ripeline.scoring.rows import RowBuilder
from ripeline.translation import translated


def warm(program: Program) -> None:
    """Fold nobody, so that every kernel is loaded from the cache or compiled into it."""
    run(program, RowBuilder(program.shapes).rows(), course(until=0, read_at=0), keeps=True)


def warmed() -> str:
    """Compile, unless this very source was compiled before; the answer says what was done."""
    before = jit.compiled_ahead()
    warm(compiled(Definition(key="warm", title="", timezone="UTC", groups=())))
    if not jit.has_numba():
        return translated("The fold runs as plain Python: numba is not installed.")
    folder = jit.cache_folder()
    if before:
        return translated("The fold is compiled already, in {folder}.", folder=folder)
    return translated("The fold is compiled, into {folder}.", folder=folder)
