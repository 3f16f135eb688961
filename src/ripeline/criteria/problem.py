"""What is wrong with a text somebody wrote: where, what, and what now."""

import msgspec


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One problem of a definition.

    `line` counts from 1; `path` names the place, as in `scores.fit.criteria.decides`, and is empty where the text is
    not even YAML.

    >>> print(Problem(line=12, path="scores.fit.cap", message="a cap is a number", found="many", code="not-a-number"))
    line 12, scores.fit.cap: a cap is a number
      found: many  [not-a-number]
    """

    line: int
    path: str
    message: str
    code: str
    found: str = ""
    hint: str = ""

    def __str__(self) -> str:
        details = [f"  {label}: {text}" for label, text in (("found", self.found), ("hint", self.hint)) if text]
        place = f"line {self.line}, {self.path}" if self.path else f"line {self.line}"
        lines = [f"{place}: {self.message}", *details]
        lines[-1] += f"  [{self.code}]"
        return "\n".join(lines)
