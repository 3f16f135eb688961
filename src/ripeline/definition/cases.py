"""Example leads beside a definition (`cases/*.yaml`): what happened, and what score it must come to."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from ripeline.criteria.problem import Problem
from ripeline.definition import nodes
from ripeline.definition.case_text import CaseAct, CaseReader, Expected
from ripeline.definition.findings import Findings
from ripeline.definition.load import DefinitionError, text_of
from ripeline.definition.model import Definition
from ripeline.definition.places import Place, whole
from ripeline.events.event import Event
from ripeline.translation import translated

__all__ = ["Case", "CaseAct", "cases_beside", "cases_in", "load_cases"]


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One example lead. `events` begin with an identify event for what `lead` says is known from the start.

    `expect` has group keys and `total` with numbers, `stage` and `grade` with text, `qualifies` with yes or no,
    `why_not` and `excluded` with lists of text.
    """

    name: str
    path: str
    line: int
    events: tuple[Event, ...]
    acts: tuple[CaseAct, ...]
    as_of: datetime
    expect: dict[str, Expected]


def cases_beside(definition_path: str | Path, *, definition: Definition) -> list[Case]:
    """The cases of a definition, in `cases/*.yaml` beside its file; raises as `load_cases` does."""
    folder = Path(definition_path).parent / "cases"
    return load_cases(folder, definition=definition) if folder.is_dir() else []


def load_cases(path: str | Path, *, definition: Definition | None = None) -> list[Case]:
    """The cases of a file, or of all files of a folder, by name.

    With `definition`, times without an offset are in its time zone (else UTC), and names of scores, stages and
    reasons are checked against it. Raises `DefinitionError` with the problems of all files, and `OSError`.
    """
    path = Path(path)
    files = sorted([*path.glob("*.yaml"), *path.glob("*.yml")]) if path.is_dir() else [path]
    found: list[Case] = []
    problems: list[Problem] = []
    for file in files:
        try:
            found.extend(cases_in(text_of(file), path=file.name, definition=definition))
        except DefinitionError as error:
            problems.extend(error.problems)
    if problems:
        raise DefinitionError(problems, path=str(path))
    return found


def cases_in(text: str, *, path: str = "cases.yaml", definition: Definition | None = None) -> list[Case]:
    """The cases that `text` tells; `path` is named in problems. Raises `DefinitionError`."""
    try:
        root = nodes.composed(text)
    except nodes.BrokenTextError as broken:
        raise DefinitionError([msgspec.structs.replace(broken.problem, path=path)], path=path) from broken
    findings = Findings()
    place = msgspec.structs.replace(whole(root or nodes.Sequence((), 1, 1, 1, 1)), path=path)
    found = list(_cases(place, path, findings, definition))
    problems = findings.problems()
    if problems:
        raise DefinitionError(problems, path=path)
    return found


def _cases(place: Place, path: str, findings: Findings, definition: Definition | None) -> Iterator[Case]:
    if not isinstance(place.node, nodes.Sequence):
        hint = "`- case: what the example shows`"
        findings.add(place, translated("a list of cases belongs here"), "wrong-shape", hint=hint)
        return
    zone = ZoneInfo(definition.timezone if definition is not None else "UTC")
    for each in place.items():
        told = CaseReader(each, findings, zone=zone, definition=definition).read()
        if told is not None:
            yield Case(
                name=told.name,
                path=path,
                line=each.line,
                events=told.events,
                acts=told.acts,
                as_of=told.as_of,
                expect=told.expect,
            )
