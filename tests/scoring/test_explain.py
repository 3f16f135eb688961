from tests.scoring.happened import agreed, day, did, said

from ripeline.scoring.acts import Act
from ripeline.scoring.explain import Explanation, explain, sentences

SCORES = """
  fit:
    cap: 20
    criteria:
      decides: {when: {title: {contains: head}}, points: 25}
  engagement:
    floor: 0
    half_life: 30 days
    criteria:
      pricing_page: {on: Page Viewed, where: {path: /pricing}, points: 8, limit: 3 per day}
      careers: {on: Careers Viewed, points: -20}
"""
MORE = """
minimum_profile: [first_name]
channels:
  paid: {when: {utm_medium: cpc}, weight: 0.5}
  other: {}
"""
GATE = "{when: {all: [minimum_profile, {total: {at_least: 65}}]}}"
STAGES = f"{GATE}, sal: {{reject_reasons: {{no_answer: {{recycled: 1 days}}}}}}, recycled: {{reset: engagement}}"
TRIAL = agreed(SCORES, STAGES, more=MORE)


def told(explanation: Explanation) -> dict[str, list[tuple[float, bool, str]]]:
    found: dict[str, list[tuple[float, bool, str]]] = {}
    for part in explanation.parts:
        found.setdefault(part.criterion or part.kind, []).append((part.points, part.counted, part.note))
    return found


def test_a_limit_says_how_many_counted() -> None:
    found = explain(TRIAL, [did("Page Viewed", day(0), path="/pricing") for _ in range(7)], as_of=day(0))

    note = "3 of 7 counted, at most 3 a day"
    assert told(found)["pricing_page"] == [(8.0, True, note)] * 3 + [(0.0, False, note)] * 4
    assert found.shown == 24.0


def test_cap_floor_and_reset_are_rows_of_their_own() -> None:
    events = [said(day(0), title="Head of IT", email="ada@firm.example"), did("Page Viewed", day(0), path="/pricing")]
    events += [did("Careers Viewed", day(9))]
    acts = [Act(at=day(1), act="take"), Act(at=day(2), act="reject", reason="no_answer")]

    found = explain(TRIAL, events, as_of=day(30), acts=acts)

    rows = told(found)
    assert [rows["decides"][0][0], rows["cap"][0][0]] == [25.0, -5.0]
    assert [rows["pricing_page"][0][0], rows["reset"][0][0]] == [4.0, -4.0]
    assert [rows["careers"][0][0], rows["floor"][0][0]] == [-12.3, 12.3]
    assert found.shown == 20.0


def test_it_can_be_read_aloud() -> None:
    events = [
        said(day(0), title="Head of IT"),
        did("Page Viewed", day(30), path="/pricing", utm_medium="cpc"),
        did("Page Viewed", day(60), path="/pricing"),
    ]

    assert sentences(explain(TRIAL, events, as_of=day(60))) == [
        "30 points",
        "    +25  Decides: the job title contains head, since 2026-01-01 00:00",
        "     −5  Fit counts at most 20",
        "     +2  Pricing page: Page Viewed on 2026-01-31 00:00, 4 points, 50% left, through “paid” (× 0.5)",
        "     +8  Pricing page: Page Viewed on 2026-03-02 00:00, 8 points",
        "Does not qualify: 35 points short, first_name.",
    ]


def test_a_fact_names_the_event_that_said_it() -> None:
    events = [said(day(0), title="Engineer"), said(day(1), title="Head of IT"), said(day(2), title="Head of IT")]

    [part] = [part for part in explain(TRIAL, events, as_of=day(9)).parts if part.kind == "fact"]

    assert (part.fact, part.event, part.at) == ("title", events[1], day(1))


def test_there_is_nothing_to_say_of_a_lead_without_events() -> None:
    found = explain(TRIAL, [did("Page Viewed", day(5), path="/pricing")], as_of=day(4))

    assert (found.shown, found.parts, found.missing, found.score.cycles) == (0.0, (), (), ())


def test_what_was_not_known_then_explains_nothing() -> None:
    late = did("Page Viewed", day(0), path="/pricing")

    found = explain(TRIAL, [late], as_of=day(1), known_at=day(-1))

    assert found.parts == ()
