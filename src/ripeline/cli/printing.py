"""How commands speak: problems as DESIGN 8 has them, `--json` for machines, exit 1 where the input is at fault."""

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
import msgspec

from ripeline.criteria.problem import Problem
from ripeline.definition.load import DefinitionError, read
from ripeline.definition.model import Definition
from ripeline.translation import counted, translated

as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of text.")
existing = click.Path(exists=True, dir_okay=False, path_type=Path)
workspace = click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))


class Instant(click.ParamType[datetime]):
    """An ISO 8601 date or date-time; without an offset it is UTC, a bare date its first instant."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            parsed = datetime.fromisoformat(value)
            return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
        except (ValueError, OverflowError):  # the year 1 of some zones is no year of UTC
            self.fail(translated("{value!r} is not a time such as 2026-03-31 or 2026-03-31T18:00:00Z", value=value))


class Address(click.ParamType[str]):
    """An e-mail address."""

    name = "email"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from django.core.exceptions import ValidationError
        from django.core.validators import EmailValidator

        try:
            EmailValidator()(value)
        except ValidationError:
            self.fail(translated("{value!r} is not an e-mail address", value=value))
        return str(value)


def print_json(value: Any) -> None:
    click.echo(json.dumps(msgspec.to_builtins(value), ensure_ascii=False, indent=2))


def fail(message: str) -> NoReturn:
    """The input is at fault: say so and leave with 1."""
    click.echo(message, err=True)
    sys.exit(1)


def print_problems(path: Path, problems: Iterable[Problem], *, json_too: bool) -> None:
    found = list(problems)
    if json_too:
        print_json({"file": str(path), "problems": found})
        return
    for problem in found:
        click.echo(str(problem))
    click.echo(counted("{path}: {count} problem", "{path}: {count} problems", len(found), path=path))


def definition_at(path: Path) -> Definition:
    """The definition in the file, or its problems printed and exit 1."""
    try:
        return read(path)
    except DefinitionError as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
        fail(counted("{path}: {count} problem", "{path}: {count} problems", len(error.problems), path=path))


@contextmanager
def said_in_words(*errors: type[Exception]) -> Iterator[None]:
    """Turn the expected errors of a command into their message and exit 1."""
    try:
        yield
    except errors as error:
        fail(str(error))
