"""A YAML text as a tree that remembers its lines, read so that no text can hang or exhaust the reader.

The events of PyYAML are composed here, without recursion: depth, size and what aliases stand for are bounded while
reading, so 20,000 levels or a billion laughs end in a problem, at once.
"""

import re

import msgspec
import yaml

from ripeline.criteria.problem import Problem
from ripeline.definition import scalars
from ripeline.definition.broken_yaml import broken
from ripeline.translation import translated

LONGEST_TEXT = 4_000_000  # characters; 5,000 criteria are about 500,000
DEEPEST = 60  # levels; a definition has about ten
MOST_NODES = 200_000  # values, an alias counting as all it stands for

# What is not printable: the parser would report a byte offset instead of a line. Nor the separators of Unicode, which
# the parser takes for ends of lines and no editor does.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Scalar(msgspec.Struct, frozen=True):
    """One word or text; `value` is its meaning, `text` how it is written."""

    text: str
    value: str | int | float | bool | None
    line: int
    column: int
    size: int = 1
    depth: int = 1


class Sequence(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple["Node", ...]
    line: int
    column: int
    size: int
    depth: int


class Mapping(msgspec.Struct, frozen=True):
    """Keys with their values in the order written; a key written twice is in it twice."""

    entries: tuple[tuple["Node", "Node"], ...]
    line: int
    column: int
    size: int
    depth: int


Node = Scalar | Sequence | Mapping


class BrokenTextError(Exception):
    """The text is not YAML that we read; `problem` says where and why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def composed(text: str) -> Node | None:
    """The tree of `text`, None if there is nothing in it.

    Raises `BrokenTextError` for broken YAML and for texts beyond the bounds.
    """
    text = text.removeprefix("\ufeff")
    _refuse_unreadable(text)
    composer = _Composer()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        raise BrokenTextError(broken(error, text)) from error
    return composer.root


def _refuse_unreadable(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        message = translated("the text is longer than {most} characters", most=LONGEST_TEXT)
        raise BrokenTextError(Problem(line=1, path="", message=message, code="too-large", found=str(len(text))))
    unprintable = _UNPRINTABLE.search(text)
    if unprintable is not None:
        raise BrokenTextError(
            Problem(
                line=text.count("\n", 0, unprintable.start()) + 1,
                path="",
                message=translated("a character that no text editor shows"),
                code="broken-yaml",
                found=f"U+{ord(unprintable[0]):04X}",
                hint=translated("delete it"),
            )
        )


class _Open(msgspec.Struct):
    """A list or mapping whose end has not come yet."""

    anchor: str | None
    mapping: bool
    line: int
    column: int
    parts: list[Node] = []


class _Composer:
    """Builds the tree from the parser's events, one at a time."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[_Open] = []
        self._anchors: dict[str, Node | None] = {}
        self._size = 0
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        mark = event.start_mark
        line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
        match event:
            case yaml.DocumentStartEvent():
                self._start_document(line)
            case yaml.AliasEvent():
                self._place(self._aliased(event.anchor or "", line))
            case yaml.ScalarEvent():
                self._refuse_tag(event, line)
                value = scalars.meaning(event.value) if event.implicit[0] else event.value
                self._finish(Scalar(event.value, value, line, column), event.anchor)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_tag(event, line)
                self._begin(event, line, column)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._end()

    def _start_document(self, line: int) -> None:
        self._documents += 1
        if self._documents > 1:
            raise _at(line, translated("a second document begins"), "broken-yaml", found="---")

    def _begin(self, event: yaml.CollectionStartEvent, line: int, column: int) -> None:
        if len(self._open) >= DEEPEST:
            message = translated("more than {most} levels, one within the other", most=DEEPEST)
            raise _at(line, message, "too-deep")
        if event.anchor is not None:
            self._anchors[event.anchor] = None  # known, but not whole yet
        self._open.append(_Open(event.anchor, isinstance(event, yaml.MappingStartEvent), line, column))

    def _end(self) -> None:
        done = self._open.pop()
        size = 1 + sum(part.size for part in done.parts)
        depth = 1 + max((part.depth for part in done.parts), default=0)
        if done.mapping:
            pairs = tuple(zip(done.parts[::2], done.parts[1::2], strict=True))
            self._finish(Mapping(pairs, done.line, done.column, size, depth), done.anchor)
        else:
            self._finish(Sequence(tuple(done.parts), done.line, done.column, size, depth), done.anchor)

    def _finish(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self._anchors[anchor] = node
        self._count(1, node.line)
        self._place(node)

    def _aliased(self, anchor: str, line: int) -> Node:
        node = self._anchors.get(anchor)
        if node is None:
            message = (
                translated("an alias within what it stands for")
                if anchor in self._anchors
                else translated("an alias of something that is not named above it")
            )
            raise _at(line, message, "broken-yaml", found=f"*{anchor}", hint=_quoted_star(anchor))
        self._count(node.size, line)
        if len(self._open) + node.depth > DEEPEST:
            message = translated("more than {most} levels, one within the other", most=DEEPEST)
            raise _at(line, message, "too-deep", found=f"*{anchor}")
        return node

    def _place(self, node: Node) -> None:
        if self._open:
            self._open[-1].parts.append(node)
        else:
            self.root = node

    def _count(self, size: int, line: int) -> None:
        self._size += size
        if self._size > MOST_NODES:
            raise _at(line, translated("more than {most} values", most=MOST_NODES), "too-large")

    def _refuse_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, line: int) -> None:
        if event.tag is not None:
            hint = translated("leave the tag out; text that looks like something else goes in quotes")
            raise _at(line, translated("a tag; a definition has none"), "broken-yaml", found=event.tag, hint=hint)


def _quoted_star(anchor: str) -> str:
    return translated("text that begins with * goes in quotes: {text}", text=f'"*{anchor}"')


def _at(line: int, message: str, code: str, *, found: str = "", hint: str = "") -> BrokenTextError:
    return BrokenTextError(Problem(line=line, path="", message=message, code=code, found=found, hint=hint))
