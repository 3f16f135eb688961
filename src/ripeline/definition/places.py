"""A value of the text together with where it stands."""

from collections.abc import Iterator

import msgspec

from ripeline.definition.nodes import Mapping, Node, Scalar, Sequence
from ripeline.translation import translated

LONGEST_WRITTEN = 80


class Place(msgspec.Struct, frozen=True):
    """`node` at `path` (as in `stages.mql.when.all[1].total`), found in `line` from 1 (of its key, if it has one)."""

    path: str
    node: Node
    line: int
    column: int

    @property
    def written(self) -> str:
        """What stands here, as a problem quotes it."""
        if isinstance(self.node, Mapping):
            keys = [key.text for key, _ in self.node.entries if isinstance(key, Scalar)]
            return _shortened("{" + ", ".join(f"{key}: …" for key in keys) + "}")
        if isinstance(self.node, Sequence):
            parts = [item.text if isinstance(item, Scalar) else "…" for item in self.node.items[:20]]
            return _shortened("[" + ", ".join(parts) + "]")
        if isinstance(self.node.value, str) and (not self.node.text or self.node.text != self.node.text.strip()):
            return _shortened(f'"{self.node.text}"')
        return _shortened(self.node.text) or translated("nothing")

    def items(self) -> Iterator["Place"]:
        """The places of a list's members; none if this is not a list."""
        if isinstance(self.node, Sequence):
            for number, item in enumerate(self.node.items):
                yield Place(f"{self.path}[{number}]", item, item.line, item.column)

    def under(self, key: Scalar, node: Node) -> "Place":
        return Place(f"{self.path}.{key.text}" if self.path else key.text, node, key.line, key.column)


def whole(node: Node) -> Place:
    return Place("", node, node.line, node.column)


def _shortened(text: str) -> str:
    text = " ".join(text.split()) if "\n" in text else text
    return text if len(text) <= LONGEST_WRITTEN else text[: LONGEST_WRITTEN - 1] + "…"
