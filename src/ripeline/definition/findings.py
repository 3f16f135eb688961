"""The problems of one text, collected while it is read; nothing is thrown at the first one."""

from difflib import get_close_matches

from ripeline.criteria.condition import Complaint, Leaf
from ripeline.criteria.problem import Problem
from ripeline.definition.places import Place
from ripeline.translation import translated


class Findings:
    """Problems with their places, and where each comparison stands in the text."""

    def __init__(self) -> None:
        self._found: list[tuple[int, int, Problem]] = []
        self._leaves: dict[int, tuple[Leaf, Place]] = {}  # by identity: equal comparisons stand at several places

    def add(self, place: Place, message: str, code: str, *, found: str | None = None, hint: str = "") -> None:
        """Note a problem at `place`; `found` is what is written there unless told."""
        problem = Problem(
            line=place.line,
            path=place.path,
            message=message,
            code=code,
            found=place.written if found is None else found,
            hint=hint,
        )
        self._found.append((place.line, place.column, problem))

    def complain(self, place: Place, complaint: Complaint) -> None:
        self.add(place, complaint.message, complaint.code, found=complaint.found, hint=complaint.hint)

    def stands(self, leaf: Leaf, place: Place) -> None:
        self._leaves[id(leaf)] = (leaf, place)

    def place_of(self, leaf: Leaf) -> Place:
        return self._leaves[id(leaf)][1]

    @property
    def count(self) -> int:
        return len(self._found)

    def problems(self) -> list[Problem]:
        """All problems, in the order of the text."""
        return [problem for _, _, problem in sorted(self._found, key=lambda entry: entry[:2])]


def did_you_mean(word: str, known: list[str] | tuple[str, ...]) -> str:
    """A hint for a misspelt `word`: the nearest of `known`, or all of them.

    >>> did_you_mean("begin_with", ("begins_with", "contains"))
    'did you mean `begins_with`?'
    >>> did_you_mean("xyz", ("equals", "contains"))
    'one of: equals, contains'
    """
    near = get_close_matches(word.lower()[:80].replace(" ", "_").replace("-", "_"), known, n=1)
    if near:
        return translated("did you mean `{word}`?", word=near[0])
    return translated("one of: {words}", words=", ".join(known)) if known else ""
