"""The agreement as a salesperson reads it."""

from datetime import timedelta

import pytest

from ripeline.definition.cases import load_cases
from ripeline.definition.criterion_wording import criterion_sentence
from ripeline.definition.load import load, read
from ripeline.definition.model import Definition
from ripeline.definition.starter import DEFINITION as STARTER
from ripeline.definition.why_not import why_not
from ripeline.definition.wording import agreement

HEAD = "definition: trial\n"


def one(criterion: str) -> str:
    """The sentence of the only criterion of a definition."""
    trial = load(HEAD + f"scores: {{e: {{criteria: {{c: {{{criterion}}}}}}}}}\nstages: {{mql: {{at_once: A}}}}")
    return criterion_sentence(trial.criteria[0])


@pytest.mark.parametrize(
    ("criterion", "sentence"),
    [
        (
            "on: Page Viewed, where: {path: {begins_with: /pricing}}, points: 8, limit: 3 per day, half_life: 30 days",
            "+8 for each view of a page whose path begins with /pricing, at most 3 a day, halved every 30 days",
        ),
        ("on: page_viewed, points: 1, limit: once", "+1 for the first view of a page"),
        (
            "on: Page Viewed, where: {title: Prices}, points: 1, limit: 5 ever",
            "+1 for each view of a page whose title is Prices, at most 5 in all",
        ),
        ("on: Demo Requested, points: 20", "+20 for each “Demo Requested”"),
        ("on: Demo Requested, points: 0.5, window: 1 day", "+0.5 for each “Demo Requested”, for 1 day"),
        ("on: Newsletter, points: 5, limit: once", "+5 for the first “Newsletter”"),
        (
            "on: Webinar Attended, where: {share: {at_least: 0.5}}, points: 20, limit: 1 per month",
            "+20 for each “Webinar Attended” whose share is at least 0.5, at most 1 a month",
        ),
        ("when: {title: Head of Sales}, points: 25", "+25 when the job title is “Head of Sales”"),
        (
            "when: {company.employees: {at_least: 50, less_than: 1000}}, points: 15",
            "+15 when the number of employees is at least 50 and less than 1,000",
        ),
        ("when: {not: {country: [PL, SE]}}, points: -10", "−10 when the country is not PL or SE"),
        ("when: {phone: {exists: false}}, points: -1", "−1 when the phone is not known"),
    ],
)
def test_a_criterion_in_words(criterion: str, sentence: str) -> None:
    assert one(criterion) == sentence


def test_the_agreement_is_in_the_order_of_the_page() -> None:
    sections = agreement(read(STARTER))

    assert [section.title for section in sections] == [
        "Who we want",
        "What they do",
        "What we do not want",
        "When sales gets them",
        "The way back",
    ]
    assert [section.key for section in sections] == ["who", "does", "unwanted", "handover", "back"]


def test_what_takes_points_away_stands_with_whom_nobody_wants() -> None:
    unwanted = agreement(read(STARTER))[2]

    assert [(line.key, line.points) for line in unwanted.lines] == [
        ("job_seeker", -20),
        ("student", None),
        ("ours", None),
    ]


def test_the_gate_speaks_of_the_minimum_profile_by_its_name() -> None:
    handover = {line.key: line.sentence for line in agreement(read(STARTER))[3].lines}

    assert handover == {
        "mql": (
            "A lead becomes an MQL when the minimum profile is known, the total is at least 65 "
            "and Engagement is more than 0"
        ),
        "at_once": "A lead becomes an MQL at once by “Demo Requested”",
        "minimum_profile": "The minimum profile is first name, last name, company and e-mail or phone",
        "answer_within": "Sales answers within 4 hours",
        "handover_within": "Who qualified more than 7 days ago is offered to sales, without a clock",
        "not_acts": "Nobody is moved by “Email Sent”, “Email Delivered” or “Email Bounced”",
    }


def test_the_way_back_says_what_follows_a_rejection() -> None:
    assert [line.sentence for line in agreement(read(STARTER))[4].lines] == [
        "Not a fit: disqualified",
        "Not now: back to nurture for 90 days",
        "No answer: back to nurture for 30 days",
        "Who is recycled begins anew in Engagement",
        "Who is disqualified comes back only by “Demo Requested”",
    ]


def gated(gate: str) -> Definition:
    return load(
        HEAD + "minimum_profile: [first_name, {any: [email, phone]}]\n"
        "scores: {fit: {criteria: {a: {when: {b: 1}, points: 90}}}}\n"
        f"stages: {{mql: {{when: {gate}}}}}"
    )


@pytest.mark.parametrize(
    ("gate", "known", "reasons"),
    [
        ("{total: {at_least: 65}}", {"total": 64.0}, ["1 point short"]),
        ("{total: {at_least: 65}}", {"total": 64.6}, ["0.4 points short"]),
        ("{total: {at_least: 65}}", {"total": 64.99}, ["0.1 points short"]),
        ("{total: {at_least: 65}}", {"total": 65.0}, []),
        ("{fit: {more_than: 10}}", {"fit": 4.0}, ["6 points short in Fit"]),
        ("{fit: {more_than: 0}}", {"fit": 0.0}, ["Fit is more than 0"]),
        ("{fit: {less_than: 10}}", {"fit": 12.0}, ["Fit is less than 10"]),
        ("minimum_profile", {"first_name": "Ada"}, ["email or phone"]),
        (
            "{all: [minimum_profile, {total: {at_least: 9}}]}",
            {"total": 1.0},
            ["8 points short", "first_name", "email or phone"],
        ),
        ("{any: [{total: {at_least: 9}}, {country: PL}]}", {"total": 1.0}, ["8 points short or the country is PL"]),
        ("{not: {country: PL}}", {"country": "PL"}, ["the country is not PL"]),
    ],
)
def test_why_a_lead_does_not_qualify(gate: str, known: dict[str, str | float], reasons: list[str]) -> None:
    assert why_not(gated(gate), known) == reasons


def test_the_starter_and_its_cases_are_well_written() -> None:
    starter = read(STARTER)
    cases = load_cases(STARTER.parent / "cases", definition=starter)

    assert starter.mql.answer_within == timedelta(hours=4)
    assert len(cases) >= 4
