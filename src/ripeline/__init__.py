"""Ripeline qualifies leads: one signed definition, and everything that follows from it.

In a notebook: `ripeline.load(path)` reads a definition, `ripeline.score(definition, events, as_of=…)` scores a history.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ripeline.batch.frames import score
    from ripeline.definition.load import read as load

__all__ = ["load", "score"]


def __getattr__(name: str) -> Any:
    """`load` and `score` when they are asked for: a command that needs neither does not wait for them."""
    if name == "load":
        from ripeline.definition.load import read

        return read
    if name == "score":
        from ripeline.batch.frames import score

        return score
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
