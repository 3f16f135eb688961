"""A definition from its text, or every reason why not."""

from pathlib import Path

from ripeline.criteria.problem import Problem
from ripeline.definition.check import checked_node
from ripeline.definition.model import Definition
from ripeline.definition.nodes import BrokenTextError, Node, composed
from ripeline.translation import translated


class DefinitionError(Exception):
    """The text is no definition; `problems` says why, in the order of the text, and `path` where it was read."""

    def __init__(self, problems: list[Problem], *, path: str = "definition.yaml") -> None:
        super().__init__("\n".join([f"{path}:", *map(str, problems)]))
        self.problems = problems
        self.path = path


def load(text: str, *, path: str = "definition.yaml") -> Definition:
    """The definition that `text` says; `path` is only named in the error.

    Raises `DefinitionError` with all problems at once.

    >>> trial = load('''
    ... definition: trial
    ... scores: {engagement: {criteria: {demo: {on: Demo Requested, points: 20, limit: once}}}}
    ... stages: {mql: {when: {total: {at_least: 20}}}}
    ... ''')
    >>> [(line.key, line.points) for line in trial.criteria]
    [('demo', 20.0)]
    """
    try:
        root = composed(text)
    except BrokenTextError as broken:
        raise DefinitionError([broken.problem], path=path) from broken
    return load_node(root, path=path)


def load_node(root: Node | None, *, path: str = "definition.yaml") -> Definition:
    """The definition at `root`, a part of a larger text; raises `DefinitionError`."""
    draft = checked_node(root)
    found = draft.findings.problems()
    if found:
        raise DefinitionError(found, path=path)
    return draft.definition


def read(path: str | Path) -> Definition:
    """The definition in the file at `path`.

    Raises `DefinitionError`, also for a file that is not UTF-8 text, and `OSError` for one that cannot be read.
    """
    return load(text_of(path), path=str(path))


def text_of(path: str | Path) -> str:
    """The text of the file at `path`; raises `DefinitionError` where it is not UTF-8, and `OSError`."""
    written = Path(path).read_bytes()
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = Problem(
            line=written.count(b"\n", 0, error.start) + 1,
            path="",
            message=translated("this is not UTF-8 text"),
            code="broken-yaml",
            found=f"0x{written[error.start]:02x}",
            hint=translated("save the file as UTF-8"),
        )
        raise DefinitionError([problem], path=str(path)) from error
