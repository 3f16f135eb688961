"""The text that was agreed, kept as it was written, beside what it means."""

from functools import cached_property
from pathlib import Path

from ripeline.definition.fingerprint import fingerprint
from ripeline.definition.load import load, text_of
from ripeline.definition.model import Definition


class Document:
    """A definition with its text; the text is what versions store and people compare."""

    def __init__(self, text: str, *, path: str = "definition.yaml") -> None:
        """Raises `DefinitionError` for a text that is no definition."""
        self.text = text
        self.path = path
        self.definition: Definition = load(text, path=path)

    @cached_property
    def fingerprint(self) -> str:
        return fingerprint(self.definition)


def opened(path: str | Path) -> Document:
    """The document in the file at `path`; raises `DefinitionError` and `OSError`."""
    return Document(text_of(path), path=str(path))
