"""What is written well but cannot be meant."""

import pytest

from ripeline.definition.check import problems
from ripeline.definition.load import load

HEAD = "definition: trial\n"


def codes(text: str) -> list[str]:
    return [problem.code for problem in problems(text)]


def with_gate(gate: str, *, groups: str = "", more: str = "") -> str:
    """A definition with an unlimited `engagement`, a `fit` of at most 30, and `gate`."""
    return f"""{HEAD}{more}
scores:
  fit: {{criteria: {{a: {{when: {{country: PL}}, points: 20}}, b: {{when: {{role: buyer}}, points: 10}}}}}}
  engagement: {{criteria: {{c: {{on: Demo Requested, points: 5}}}}}}
{groups}
stages: {{mql: {{when: {gate}}}}}
"""


@pytest.mark.parametrize(
    ("gate", "found"),
    [
        ("{fit: {at_least: 30}}", []),
        ("{fit: {more_than: 30}}", ["gate-unreachable"]),
        ("{fit: {at_least: 30.5}}", ["gate-unreachable"]),
        ("{fit: {less_than: 0}}", ["gate-unreachable"]),
        ("{fit: 30}", []),
        ("{fit: 31}", ["gate-unreachable"]),
        ("{engagement: {at_least: 1000000}}", []),
        ("{total: {at_least: 1000000}}", []),
        ("{not: {fit: {at_most: 30}}}", ["gate-unreachable"]),
        ("{not: {fit: {at_least: 31}}}", []),
        ("{any: [{fit: {at_least: 31}}, {total: {at_least: 65}}]}", ["gate-unreachable"]),
        ("{Total: {at_least: 65}, FIT: {at_least: 31}}", ["gate-unreachable"]),
        ("{fit: high}", ["text-for-number"]),
        ("{total: {contains: '6'}}", ["text-for-number"]),
        ("{intent: {at_least: 5}}", ["unknown-group"]),
        ("{engagment: {more_than: 5}}", ["unknown-group"]),
        ("{company.employees: {at_least: 5}}", []),
        ("{all: [{seats: {exists: true}}, {seats: {at_least: 5}}]}", []),
        ("[minimum_profile]", ["wrong-shape"]),
        ("minimal_profile", ["unknown-condition"]),
    ],
)
def test_a_gate_is_held_against_what_criteria_can_give(gate: str, found: list[str]) -> None:
    assert codes(with_gate(gate)) == found


@pytest.mark.parametrize(
    ("criteria", "reachable"),
    [
        ("a: {on: A, points: 10, limit: once}", 10),
        ("a: {on: A, points: 10, limit: 3 ever}", 30),
        ("a: {when: {b: 1}, points: 10}, c: {on: C, points: -5}", 10),
        ("a: {on: A, points: 10, limit: once}, b: {when: {c: 1}, points: 5.5}", 15.5),
    ],
)
def test_what_is_limited_for_ever_adds_up(criteria: str, reachable: float) -> None:
    text = HEAD + "scores: {fit: {criteria: {" + criteria + "}}}\nstages: {mql: {when: {total: {at_least: NUMBER}}}}"

    assert codes(text.replace("NUMBER", str(reachable))) == []
    assert codes(text.replace("NUMBER", str(reachable + 0.5))) == ["gate-unreachable"]


def test_a_channels_weight_raises_what_can_be_reached() -> None:
    text = HEAD + (
        "channels: {fair: {when: {source: fair}, weight: 2}}\n"
        "scores: {fit: {criteria: {a: {on: A, points: 10, limit: once}}}}\n"
        "stages: {mql: {when: {total: {at_least: 20}}}}"
    )

    assert codes(text) == []
    assert codes(text.replace("at_least: 20", "at_least: 21")) == ["gate-unreachable"]


def test_a_group_may_not_hide_a_fact() -> None:
    found = problems(with_gate("{fit: {at_least: 5}}", more="excluded: {unfit: {FIT: low}}"))

    assert [str(problem) for problem in found] == [
        (
            "line 4, scores.fit: a group of this name hides the fact that a condition reads\n"
            "  found: fit\n"
            "  hint: rename the group; line 2 reads the fact  [hidden-fact]"
        )
    ]


def test_a_reset_and_a_return_must_name_something_that_exists_and_moves() -> None:
    text = with_gate("{total: {at_least: 5}}")
    text = text[: text.index("stages:")] + (
        "stages: {mql: {when: {total: {at_least: 5}}}, recycled: {reset: [fit, intent]}, "
        "disqualified: {returns_by: email sent}}"
    )

    assert codes(text) == ["unknown-group", "not-an-act"]


def with_criterion(written: str) -> str:
    return HEAD + f"scores: {{e: {{criteria: {{c: {{on: A, {written}}}}}}}}}\nstages: {{mql: {{at_once: A}}}}"


@pytest.mark.parametrize("age", ["half_life: -3 days", "half_life: 0 days", "window: 0 hours", "half_life: 0.0 days"])
def test_a_half_life_of_nothing_is_refused(age: str) -> None:
    assert codes(with_criterion(f"points: 5, {age}")) == ["not-positive"]


@pytest.mark.parametrize(
    "points", ["1e308", "-1e308", "1e999", ".nan", "1000001", '"5"', "five", "~", "true", "[5]", "9" * 5000]
)
def test_points_are_plain_numbers(points: str) -> None:
    assert len(codes(with_criterion(f"points: {points}"))) == 1


def test_a_criterion_is_known_by_one_name_in_the_whole_definition() -> None:
    text = with_gate("{total: {at_least: 5}}", groups="  product: {criteria: {a: {on: Trial Started, points: 5}}}")

    assert codes(text) == ["duplicate-key"]


def test_a_definition_without_a_gate_condition_may_open_by_acts_alone() -> None:
    trial = load(HEAD + "scores: {e: {criteria: {c: {on: A, points: 5}}}}\nstages: {mql: {at_once: [A, B]}}")

    assert (trial.mql.when, trial.mql.at_once, trial.timezone) == (None, ("A", "B"), "UTC")


def test_ages_come_from_the_group_unless_the_criterion_says_otherwise() -> None:
    trial = load(
        HEAD
        + "scores: {e: {half_life: 30 days, criteria: {a: {on: A, points: 1}, b: {on: B, points: 1, window: 2 days}, "
        "c: {on: C, points: 1, half_life: never}}}}\nstages: {mql: {at_once: A}}"
    )

    assert [line.age.kind for line in trial.criteria] == ["half_life", "window", "none"]


def test_many_misspelt_names_beside_many_known_ones_are_answered() -> None:
    channels = ", ".join(f"channel_{count}: {{when: {{source: s{count}}}}}" for count in range(2_000))
    lines = ", ".join(f"c{count}: {{on: A, where: {{channel: chanel}}, points: 1}}" for count in range(2_000))
    text = f"{HEAD}channels: {{{channels}}}\nscores: {{e: {{criteria: {{{lines}}}}}}}\nstages: {{mql: {{at_once: A}}}}"

    assert codes(text) == ["unknown-channel"] * 2_000


def test_five_thousand_criteria_are_checked() -> None:
    lines = "\n".join(
        f"      c{count}: {{on: Page Viewed, where: {{path: {{begins_with: /p{count}}}}}, points: 1, limit: 3 per day}}"
        for count in range(5_000)
    )
    text = HEAD + f"scores:\n  e:\n    criteria:\n{lines}\nstages: {{mql: {{when: {{total: {{at_least: 5}}}}}}}}"

    assert codes(text) == []
    assert len(codes(text.replace("points", "point"))) == 5_000
