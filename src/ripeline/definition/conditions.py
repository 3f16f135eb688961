"""Conditions as a definition writes them: `{path: {begins_with: /pricing}}`, with `all`, `any` and `not`."""

from collections.abc import Callable

from ripeline.criteria.combine import All, Any, Not
from ripeline.criteria.condition import Complaint, Condition, Leaf, Scalar
from ripeline.criteria.equals import Equals
from ripeline.criteria.exists import Exists
from ripeline.criteria.kinds import COMBINATIONS, COMPARISONS
from ripeline.criteria.one_of import OneOf
from ripeline.definition import nodes
from ripeline.definition.findings import Findings, Guess, did_you_mean, one_of
from ripeline.definition.places import Place
from ripeline.definition.values import entries, truth
from ripeline.translation import translated

# What a single word stands for, where one may stand for a condition at all.
Bare = Callable[[Place, str], Condition | None]

LONGEST_LIST = 10_000


class ConditionReader:
    """Reads the conditions of one text; a broken part is noted and left out, and the whole is then None."""

    def __init__(self, findings: Findings, *, bare: Bare | None = None, field: Callable[[str], str] = str) -> None:
        self._findings = findings
        self._bare = bare
        self._field = field  # what a name that is read stands for

    def read(self, place: Place) -> Condition | None:
        """The condition written at `place`: a mapping, or a single word where `bare` knows words."""
        if isinstance(place.node, nodes.Scalar):
            return self._word(place, place.node.value)
        if isinstance(place.node, nodes.Sequence):
            message = translated("a list does not say whether all or any of it must hold")
            self._findings.add(place, message, "wrong-shape", hint="`{all: […]}`, `{any: […]}`")
            return None
        found = entries(place, self._findings)
        if not found:
            self._findings.add(place, translated("an empty condition"), "empty-condition", found="{}")
            return None
        parts = [self._entry(key, each) for key, each in found.items()]
        return _joined(parts)

    def read_all(self, place: Place) -> Condition | None:
        """A list of conditions that must all hold, or a single one."""
        if not isinstance(place.node, nodes.Sequence):
            return self.read(place)
        return self._combined("all", place)

    def _word(self, place: Place, word: Scalar | None) -> Condition | None:
        if self._bare is not None and isinstance(word, str):
            return self._bare(place, word)
        message = translated("a condition names what it reads")
        hint = f"`{{{word}: {{exists: true}}}}`" if isinstance(word, str) and word.strip() else "`{country: PL}`"
        self._findings.add(place, message, "wrong-shape", hint=hint)
        return None

    def _entry(self, key: str, place: Place) -> Condition | None:
        if key == Not.keyword:
            inner = self.read(place)
            return None if inner is None else Not(inner)
        if key in COMBINATIONS:
            return self._combined(key, place)
        return self._comparison(key, place)

    def _combined(self, keyword: str, place: Place) -> Condition | None:
        if not isinstance(place.node, nodes.Sequence):
            message = translated("`{keyword}` is followed by a list of conditions", keyword=keyword)
            self._findings.add(place, message, "wrong-shape", hint=f"`{keyword}: [{{…}}, {{…}}]`")
            return None
        if not place.node.items:
            self._findings.add(place, translated("an empty list of conditions"), "empty-list")
            return None
        parts = [self.read(each) for each in place.items()]
        if any(part is None for part in parts):
            return None
        known = tuple(part for part in parts if part is not None)
        return Any(known) if keyword == Any.keyword else All(known)

    def _comparison(self, field: str, place: Place) -> Condition | None:
        if isinstance(place.node, nodes.Mapping):
            return self._by_keywords(field, place)
        arguments = self._arguments(place)
        if arguments is None or self._means_existence(field, place, arguments):
            return None
        kind: type[Leaf] = OneOf if isinstance(place.node, nodes.Sequence) else Equals
        return self._leaf(kind, field, arguments, place, exact=False)

    def _by_keywords(self, field: str, place: Place) -> Condition | None:
        found = entries(place, self._findings)
        exact = truth(found.pop("exact"), self._findings) if "exact" in found else False
        if not found:
            message = translated("a condition without a comparison")
            self._findings.add(place, message, "empty-condition", hint=one_of(COMPARISONS))
            return None
        parts = [self._keyword(field, keyword, each, exact=bool(exact)) for keyword, each in found.items()]
        return None if exact is None else _joined(parts)

    def _keyword(self, field: str, keyword: str, place: Place, *, exact: bool) -> Condition | None:
        kind = COMPARISONS.get(keyword)
        if kind is None:
            message, hint = translated("unknown condition"), _hint_for_keyword(field, keyword)
            self._findings.add(place, message, "unknown-condition", found=keyword, hint=hint)
            return None
        arguments = self._arguments(place)
        if arguments is None:
            return None
        if kind is Exists and arguments == (False,) and arguments[0] is False:
            known = self._leaf(Exists, field, (True,), place, exact=exact)
            return None if known is None else Not(known)
        return self._leaf(kind, field, arguments, place, exact=exact)

    def _leaf(
        self, kind: type[Leaf], field: str, arguments: tuple[Scalar, ...], place: Place, *, exact: bool
    ) -> Leaf | None:
        leaf = kind.read(self._field(field), arguments, exact=exact)
        if isinstance(leaf, Complaint):
            self._findings.complain(place, leaf)
            return None
        self._findings.stands(leaf, place)
        return leaf

    def _arguments(self, place: Place) -> tuple[Scalar, ...] | None:
        """The values written at `place`, one or a list of them; None with a problem where one is no value."""
        places = list(place.items()) if isinstance(place.node, nodes.Sequence) else [place]
        if len(places) > LONGEST_LIST:
            message = translated("a list of more than {most} values", most=LONGEST_LIST)
            self._findings.add(place, message, "too-large", found=str(len(places)))
            return None
        values = [self._argument(each) for each in places]
        return None if None in values else tuple(value for value in values if value is not None)

    def _argument(self, place: Place) -> Scalar | None:
        if not isinstance(place.node, nodes.Scalar):
            self._findings.add(place, translated("a single value belongs here"), "wrong-shape")
            return None
        value = place.node.value
        if value is None:
            message = translated("nothing is compared with nothing")
            hint = translated("unknown is `{exists: false}`")
            self._findings.add(place, message, "wrong-shape", found=place.node.text or translated("nothing"), hint=hint)
            return None
        if isinstance(value, float) and not abs(value) < float("inf"):
            self._findings.add(place, translated("a number here is finite"), "not-finite")
            return None
        return value

    def _means_existence(self, field: str, place: Place, arguments: tuple[Scalar, ...]) -> bool:
        if isinstance(place.node, nodes.Sequence) or arguments[0] != Exists.keyword:
            return False
        message = translated("compares with the word “exists”")
        self._findings.add(place, message, "wrong-shape", hint=f"`{{{field}: {{exists: true}}}}`")
        return True


def _joined(parts: list[Condition | None]) -> Condition | None:
    known = tuple(part for part in parts if part is not None)
    if not known or len(known) < len(parts):
        return None
    return known[0] if len(known) == 1 else All(known)


def _hint_for_keyword(field: str, keyword: str) -> str | Guess:
    if keyword in COMBINATIONS:
        return f"`{{{keyword}: {{{field}: …}}}}`" if keyword == Not.keyword else f"`{{{keyword}: [{{{field}: …}}, …]}}`"
    return did_you_mean(keyword, COMPARISONS)
