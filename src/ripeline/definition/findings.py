"""The problems of one text, collected while it is read; nothing is thrown at the first one."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches

import msgspec

from ripeline.criteria.condition import Complaint, Leaf
from ripeline.criteria.problem import Problem
from ripeline.definition.places import Place
from ripeline.translation import translated

# Thousands of misspelt words beside thousands of known ones are still answered at once.
MOST_COMPARED = 200
MOST_GUESSED = 300
MOST_NAMED = 15


class Guess(msgspec.Struct, frozen=True):
    """A hint for a misspelt `word`: the nearest of those that are `known`."""

    word: str
    known: tuple[str, ...]

    def in_words(self) -> str:
        """The nearest, or the first few of them where none is near.

        >>> Guess("begin_with", ("begins_with", "contains")).in_words()
        'did you mean `begins_with`?'
        >>> Guess("xyz", ("equals", "contains")).in_words()
        'one of: equals, contains'
        """
        plain = self.word.lower()[:80].replace(" ", "_").replace("-", "_")
        near = get_close_matches(plain, self.known[:MOST_COMPARED], n=1)
        return translated("did you mean `{word}`?", word=near[0]) if near else one_of(self.known)


class Findings:
    """Problems with their places, and where each comparison stands in the text."""

    def __init__(self) -> None:
        self._found: list[tuple[int, int, Problem]] = []
        self._leaves: dict[int, tuple[Leaf, Place]] = {}  # by identity: equal comparisons stand at several places
        self._guessed = 0

    def add(self, place: Place, message: str, code: str, *, found: str | None = None, hint: str | Guess = "") -> None:
        """Note a problem at `place`; `found` is what is written there unless told."""
        problem = Problem(
            line=place.line,
            path=place.path,
            message=message,
            code=code,
            found=place.written if found is None else found,
            hint=hint if isinstance(hint, str) else self._guess(hint),
        )
        self._found.append((place.line, place.column, problem))

    def _guess(self, guess: Guess) -> str:
        self._guessed += 1
        return guess.in_words() if self._guessed <= MOST_GUESSED else one_of(guess.known)

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


def did_you_mean(word: str, known: Iterable[str]) -> Guess:
    return Guess(word, tuple(known))


def one_of(known: Collection[str]) -> str:
    """A hint that names what is `known`, or its first few."""
    shown = list(known)[:MOST_NAMED]
    if len(known) > MOST_NAMED:
        return translated("one of: {words} and {count} more", words=", ".join(shown), count=len(known) - MOST_NAMED)
    return translated("one of: {words}", words=", ".join(shown)) if shown else ""
