"""What a YAML parser's error means to the person who wrote the text."""

import yaml

from ripeline.criteria.problem import Problem
from ripeline.translation import translated

LONGEST_FOUND = 80


def broken(error: yaml.MarkedYAMLError, text: str) -> Problem:
    """The parser's `error` over `text`, at the line where something can be done about it."""
    mark = error.problem_mark or error.context_mark
    line = mark.line + 1 if mark is not None else 1
    opened = error.context_mark.line + 1 if error.context_mark is not None else line
    lines = text.splitlines() or [""]
    if line > len(lines) or _began_above(error):
        line = min(opened, len(lines))
    written = lines[line - 1]
    message, hint = _explained(error.problem or "", written, opened)
    return Problem(line=line, path="", message=message, code="broken-yaml", found=_shortened(written), hint=hint)


def _began_above(error: yaml.MarkedYAMLError) -> bool:
    """Whether what wants mending is where it began: a line without its colon, a quote open to the end."""
    problem, context = error.problem or "", error.context or ""
    return "could not find expected ':'" in problem or ("quoted scalar" in context and "end of stream" in problem)


def _explained(problem: str, written: str, opened: int) -> tuple[str, str]:
    indentation = written[: len(written) - len(written.lstrip())]
    if "\t" in indentation or ("cannot start any token" in problem and "\t" in written):
        return translated("a tab, where YAML wants blanks"), translated("indent with blanks")
    if "cannot start any token" in problem:
        return translated("a text cannot begin with this sign"), translated("put the text in quotes")
    if "mapping values are not allowed" in problem:
        hint = translated("a text with a colon in it goes in quotes; otherwise look at the indentation")
        return translated("a colon that belongs to no key"), hint
    if "expected ',' or" in problem:
        hint = translated("a comma is missing, or what opens in line {opened} is not closed", opened=opened)
        return translated("neither the next part nor the end of a list or mapping in brackets"), hint
    if "unexpected end of stream" in problem or "quoted scalar" in problem:
        return translated("a quote that is not closed"), translated("close it on the same line")
    if "could not find expected ':'" in problem:
        return translated("a line without a colon"), translated("a line is `key: value`")
    if "did not find expected key" in problem or "'-' indicator" in problem:
        hint = translated("every line here is `key: value`, each as far from the left as the others")
        return translated("a line that does not fit into the lines around it"), hint
    return translated("this is not YAML: {problem}", problem=problem), ""


def _shortened(text: str) -> str:
    text = text.strip()
    return text if len(text) <= LONGEST_FOUND else text[: LONGEST_FOUND - 1] + "…"
