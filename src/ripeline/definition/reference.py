"""The reference of the definition, printed from the code: `python -m ripeline.definition.reference > FILE`."""

import inspect
import sys
from collections.abc import Iterator, Mapping

from ripeline.criteria.condition import Condition
from ripeline.criteria.kinds import COMBINATIONS, COMPARISONS
from ripeline.definition import (
    case_text,
    channel_text,
    criterion_text,
    drafts,
    group_text,
    stage_text,
)
from ripeline.definition.codes import CODES
from ripeline.definition.conditions import ConditionReader
from ripeline.definition.findings import Findings
from ripeline.definition.nodes import composed
from ripeline.definition.places import whole
from ripeline.definition.starter import files
from ripeline.events.reading import FIELDS

_INTRODUCTION = """\
# The definition

<!-- Printed from the code: python -m ripeline.definition.reference > docs/reference/definition.md -->

A definition says what a qualified lead is: one YAML file that a salesperson reads from top to bottom and a program
obeys to the letter. `ripeline check FILE` names everything that is wrong with it, `ripeline test FILE` runs its
example leads, `ripeline publish` makes it the version in force, signed by marketing and by sales.

YAML is read strictly: `NO` is a country, `1:30` and `2026-03-02` are text, `yes` is text; `true` and `false`, numbers
and `~` (nothing) are what they look like. A key written twice is a problem. A time is a number and a unit:
`90 seconds`, `15 minutes`, `4 hours`, `30 days`, `2 weeks`; a day is 24 hours. Names of events and fields are matched
without regard to case, blanks, `_` and `-`."""

_CONDITIONS = """\
## Conditions

A condition names what it reads and compares it: `{path: {begins_with: /pricing}}`. Several fields, or several
comparisons of one field, must all hold. A single value means `equals`, a list of values any of them. Text is compared
without regard to case unless `exact: true` stands beside the comparison. Numbers, text, and yes or no are never
turned into one another: `7` is not `"7"`. A list matches by its members. A condition on something unknown does not
hold, so its `not` does; *known and different* is `exists` together with `not`.

What a condition can read:

- in `where` and in the channel table, the event: FIELDS; `channel` (not in the table itself); every other name is a
  property of the event, dotted for nested ones (`cart.total`);
- in `when`, `excluded` and `minimum_profile`, the facts known of the lead, as they were sent, and beside them what is
  read out of them (below);
- in a gate, the facts, and `total` and the sub-scores by their names."""

_READ_OUT = """\
### Facts that are read out of others

People write one country in ten ways. What they sent is kept and can be compared as it is; these stand beside it in one
form, unknown where what was sent cannot be read. A sender who states one of them by its own name is taken at their
word. An e-mail address suggests `company_domain` where nobody states it, unless everybody can have such an address."""

_READ_OUT_OF = {
    "email_domain": "what stands behind the @ of `email`",
    "free_mail": "true where `email` is of a provider who gives everybody an address (`gmail.com`), else false",
    "disposable_mail": "true where `email` is of a provider of addresses for minutes, else false",
    "phone_number": "`phone`, `mobile_phone` or `mobile` as it is dialled from anywhere: `+46812345678`; a number "
    "without its country's code is read if the country is stated with it",
    "country_code": "the two letters of `country` or `address.country`, which may be named in any language: `SE`",
    "company": "`company.name`",
    "company_domain": "the registered domain of `company.domain` or `company.website`: `firm.example`",
    "company.country_code": "the two letters of `company.country` or `company.address.country`",
}


def reference() -> str:
    """The whole page, in Markdown."""
    return "\n\n".join(_parts()) + "\n"


def _parts() -> Iterator[str]:
    yield _INTRODUCTION
    yield "## A definition to start from"
    yield _yaml(files()["definition.yaml"])
    yield "## Settings"
    yield _listed(drafts.SETTINGS)
    yield "## Scores"
    yield "A group is a named sub-score: the sum of its criteria, each the sum of what its matches are still worth."
    yield _listed(group_text.SETTINGS)
    yield f"A group cannot be named {_words(group_text.RESERVED)}: these mean something else already."
    yield "## Criteria"
    yield "A match is worth points × weight of its channel × what its age has left of it."
    yield _listed(criterion_text.SETTINGS)
    yield _CONDITIONS.replace("FIELDS", _words(FIELDS))
    yield _READ_OUT
    yield _listed(_READ_OUT_OF)
    for keyword, kind in {**COMPARISONS, **COMBINATIONS}.items():
        yield from _kind(keyword, kind)
    yield "## Channels"
    yield _listed(channel_text.SETTINGS)
    yield "## Stages"
    for stage, settings in stage_text.SETTINGS.items():
        yield f"### `{stage}`"
        yield _listed(settings)
    yield "## Cases"
    yield "Example leads lie in `cases/*.yaml` beside the definition. A moment without an offset is in its time zone."
    yield _yaml(files()["cases/pricing.yaml"])
    yield _listed(case_text.SETTINGS)
    yield "## Problems"
    yield "Every problem has a line, a place, what was found, a hint where there is one, and a code that stays."
    yield _listed(dict(sorted(CODES.items())))


def _kind(keyword: str, kind: type[Condition]) -> Iterator[str]:
    yield f"### `{keyword}`"
    yield (inspect.getdoc(kind) or "").split(">>>")[0].strip()
    yield _yaml(kind.example)
    yield f"In words: {sentence_of(kind.example)}."


def sentence_of(example: str) -> str:
    """The words for a condition written as text."""
    root = composed(example)
    condition = ConditionReader(Findings()).read(whole(root)) if root is not None else None
    if condition is None:
        raise ValueError(f"no condition: {example}")
    return condition.sentence()


def _listed(settings: Mapping[str, str]) -> str:
    return "\n".join(f"- `{name}`: {meaning}" for name, meaning in settings.items())


def _words(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _yaml(text: str) -> str:
    return f"```yaml\n{text.strip()}\n```"


if __name__ == "__main__":
    sys.stdout.write(reference())
