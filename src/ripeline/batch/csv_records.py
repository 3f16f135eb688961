"""The records of CSV text: a quote that nobody closed costs its own line, and not the lines behind it."""

import csv
import re
from collections.abc import Iterable, Iterator

import msgspec

from ripeline.events.reason import Reason

SEPARATORS = ",;\t"
LONGEST_HEAD = 2**20
_QUOTED = re.compile(r'"[^"]*+"')

Record = tuple[int, list[str]]  # the line it begins in, from 1, and its cells


class BrokenRow(msgspec.Struct, frozen=True):
    """A row that is no row: not JSON, a quote without an end, or more cells than there are column names."""

    line: int
    reason: Reason
    detail: str
    text: str = ""  # as it stands in the file


class Lines:
    """Lines of text one after the other, of which those since the last `mark` can be taken again."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text = iter(text)
        self._again: list[str] = []
        self.number = 0
        self.marked: list[str] = []

    def __iter__(self) -> "Lines":
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else next(self._text)
        self.number += 1
        self.marked.append(line)
        return line

    def mark(self) -> int:
        """The number of the line that comes next; what came before will not be taken again."""
        self.marked.clear()
        return self.number + 1

    def back(self, kept: int = 0) -> None:
        """Take again what came since the mark, but for the first `kept` lines."""
        self._again += reversed(self.marked[kept:])
        self.number -= len(self.marked) - kept


def separator_of(lines: Lines) -> str:
    r"""Of comma, semicolon and tab the one that the first record holds most; nothing is taken of `lines`.

    >>> separator_of(Lines(['"Company,\n', 'or name";id\n']))
    ';'
    """
    lines.mark()
    quotes = length = 0
    for line in lines:
        quotes += line.count('"')
        length += len(line)
        if (line.strip() and quotes % 2 == 0) or length > LONGEST_HEAD:
            break
    head = _QUOTED.sub("", "".join(lines.marked))
    lines.back()
    return max(SEPARATORS, key=head.count)


def read_records(lines: Lines, separator: str) -> Iterator[Record | BrokenRow]:
    r"""The records of `lines`; a blank line is one without cells.

    >>> list(read_records(Lines(['1,"said 5 inches\n', "2,ok\n"]), ","))[1]
    (2, ['2', 'ok'])
    """
    reader = csv.reader(lines, delimiter=separator, strict=True)
    while True:
        line = lines.mark()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            place, is_quote = _fault(lines.marked, separator)
            text = "".join(lines.marked[: place + 1])
            lines.back(place + 1)
            yield BrokenRow(line + place, Reason.WRONG_SHAPE, _UNCLOSED if is_quote else str(problem), text)
        else:
            yield line, cells


_UNCLOSED = "a quote opens here that does not close its cell; within a cell in quotes, a quote is written twice"


def _fault(record: list[str], separator: str) -> tuple[int, bool]:
    """In which line of a record that is no CSV the cell begins that is at fault, and whether a quote opens it."""
    cell = re.compile(rf'(?:"(?:[^"]++|"")*+"|(?!")[^{separator}\r\n]*+)(?:{separator}|(?=[\r\n]))')
    text, at = "".join(record), 0
    while found := cell.match(text, at):
        if found.end() == at:
            break
        at = found.end()
    is_quote, place = text[at : at + 1] == '"', 0
    while place < len(record) - 1 and at >= len(record[place]):
        at -= len(record[place])
        place += 1
    return place, is_quote
