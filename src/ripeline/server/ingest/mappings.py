"""The mapping files of a workspace: `DIR/in/NAME.yaml`, read again when they change."""

import re
from pathlib import Path

import msgspec

from ripeline.criteria.problem import Problem
from ripeline.server.ingest.incoming import Incoming
from ripeline.translation import translated

FOLDER = "in"
NAME = re.compile("[a-z0-9][a-z0-9_-]{0,63}")


class Broken(msgspec.Struct, frozen=True):
    """A file that is no mapping, and why."""

    problems: tuple[Problem, ...]


class Mappings:
    """The mappings of the workspace in `folder`. A change is seen at the next request, by the file's time and size."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._read: dict[str, tuple[tuple[int, int], Incoming | Broken]] = {}

    def of(self, name: str) -> Incoming | Broken | None:
        """The mapping of this name; None where there is no such file."""
        if NAME.fullmatch(name) is None:
            return None
        path = self._folder / f"{name}.yaml"
        try:
            stat = path.stat()
            seen = (stat.st_mtime_ns, stat.st_size)
            if name not in self._read or self._read[name][0] != seen:
                self._read[name] = (seen, mapping_at(path))
        except OSError:
            self._read.pop(name, None)
            return None
        return self._read[name][1]


def mapping_at(path: Path) -> Incoming | Broken:
    """The mapping in a file. Raises OSError where it cannot be opened."""
    from ripeline.server.ingest.incoming_text import IncomingError, incoming  # YAML comes with it: no start waits

    try:
        return incoming(path.read_text("utf-8-sig"))
    except UnicodeDecodeError:
        problem = Problem(line=1, path="", message=translated("the file is not UTF-8 text"), code="not-text")
        return Broken((problem,))
    except IncomingError as error:
        return Broken(tuple(error.problems))
