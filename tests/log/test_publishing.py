from datetime import timedelta
from pathlib import Path

import pytest
from tests.log.desk import AGREEMENT, SIGNED, Desk
from tests.log.test_lifecycle import ANN, qualify
from tests.log.test_worker import Letterbox

from ripeline.scoring import shapes
from ripeline.scoring.reference import score
from ripeline.server.log import queries
from ripeline.server.log.commands import NotADefinition, Publish, Signature, Unsigned
from ripeline.server.log.posting import Post
from ripeline.server.log.worker import Worker

EASIER = AGREEMENT.replace("at_least: 50", "at_least: 30")
HARDER = AGREEMENT.replace("points: 40", "points: 10")


def settle(desk: Desk) -> None:
    """All that a publish leaves to be done is done."""
    box = Letterbox()
    Worker(desk.workspace.submit, post=Post(lambda: box, sender="us@ours.example"), now=desk.clock).round()


def one_point_short(desk: Desk) -> int:
    desk.send(ANN, {"userId": "ann", "event": "Demo Requested"})
    return queries.leads().items[0].id


def test_a_version_keeps_its_text_signatures_time_and_mode(desk: Desk) -> None:
    published = desk.publish(mode="replay")

    version = queries.current_version()

    assert version is not None
    assert (version.number, version.key, version.text, version.mode) == (1, "trial", AGREEMENT, "replay")
    assert (version.signatures, version.published_at) == (SIGNED, desk.clock.now)
    assert version.fingerprint == published.fingerprint  # type: ignore[attr-defined] # the answer to Publish


def test_nothing_is_published_without_both_signatures(desk: Desk) -> None:
    with pytest.raises(Unsigned, match=r"sales has not signed\. Sign with --signed sales=NAME"):
        desk.do(Publish(text=AGREEMENT, signatures=(Signature(team="marketing", name="Ada"),), at=desk.clock.now))

    assert queries.versions() == []


def test_a_text_with_problems_is_refused_with_all_of_them(desk: Desk) -> None:
    broken = AGREEMENT.replace("points: 40", "points: many").replace("half_life: 30 days", "half_life: soon")

    with pytest.raises(NotADefinition) as caught:
        desk.do(Publish(text=broken, signatures=SIGNED, at=desk.clock.now))

    assert len(caught.value.problems) == 2


def test_a_text_under_another_key_is_refused_and_the_key_in_force_is_named(desk: Desk) -> None:
    desk.publish()

    with pytest.raises(NotADefinition) as caught:
        desk.publish(AGREEMENT.replace("definition: trial", "definition: other"), path="other.yaml")

    assert str(caught.value) == (
        "other.yaml:\n"
        "line 2, definition: this workspace follows the definition `trial`\n"
        "  found: other\n"
        "  hint: write `definition: trial`; a company's second definition needs a workspace of its own"
        "  [another-definition]"
    )


def test_a_lead_of_an_earlier_definition_keeps_its_history_and_stands_in_the_list_once(desk: Desk) -> None:
    desk.publish()
    lead = one_point_short(desk)
    desk.rename_agreement()

    desk.publish()
    desk.clock.advance(minutes=1)
    desk.send({"userId": "ann", "event": "Page Two"})

    assert [event.name for event in queries.history(lead)] == ["Identified", "Demo Requested", "Page Two"]
    assert queries.leads().total == 1 and queries.leads().items[0].total == pytest.approx(40, abs=0.01)


def test_from_now_on_a_lead_moves_at_its_next_happening(desk: Desk) -> None:
    desk.publish()
    lead = one_point_short(desk)

    desk.publish(EASIER)
    settle(desk)
    before = queries.lead(lead)
    desk.clock.advance(minutes=1)
    desk.send({"userId": "ann", "event": "Anything"})

    after = queries.lead(lead)
    assert before is not None and (before.stage, before.version) == ("lead", 2)
    assert after is not None and after.stage == "mql"


@pytest.mark.parametrize("settled", [True, False])
def test_from_now_on_a_happening_that_comes_a_little_late_is_the_next_one(desk: Desk, settled: bool) -> None:
    desk.publish()
    earlier = desk.clock.now.isoformat()
    desk.clock.advance(minutes=1)
    lead = one_point_short(desk)
    desk.publish(EASIER)
    if settled:
        settle(desk)

    desk.send({"userId": "ann", "event": "Anything", "timestamp": earlier})

    record = queries.lead(lead)
    assert record is not None and record.stage == "mql"


def test_a_replay_goes_on_under_a_version_that_is_published_before_its_end(desk: Desk) -> None:
    desk.publish()
    lead = one_point_short(desk)

    desk.publish(EASIER, mode="replay")
    desk.publish(EASIER.replace("4 hours", "5 hours"))
    settle(desk)

    record = queries.lead(lead)
    assert record is not None and (record.stage, record.version) == ("mql", 3)


def test_a_replay_moves_who_qualifies_at_publish(desk: Desk) -> None:
    desk.publish()
    desk.hire("bob")
    lead = one_point_short(desk)

    desk.publish(EASIER, mode="replay")
    settle(desk)

    record = queries.lead(lead)
    assert record is not None and (record.stage, record.owner) == ("mql", "bob")


@pytest.mark.parametrize("mode", ["now", "replay"])
def test_no_publish_moves_anybody_back(desk: Desk, mode: str) -> None:
    desk.publish()
    lead = qualify(desk)

    desk.publish(HARDER, mode=mode)
    settle(desk)

    record = queries.lead(lead)
    assert record is not None and record.stage == "mql" and record.total == pytest.approx(20)


def test_events_before_the_first_definition_are_scored_when_there_is_one(desk: Desk) -> None:
    one_point_short(desk)
    before = queries.leads().items[0]

    desk.publish()
    settle(desk)

    after = queries.leads().items[0]
    assert (before.stage, before.total, before.sub_scores) == ("visitor", 0, {})
    assert after.stage == "lead" and after.total == pytest.approx(40)
    assert after.sub_scores == {"engagement": pytest.approx(40)}


def test_folding_anew_is_cut_into_pieces_that_live_events_pass_between(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ripeline.server.log import publishing

    monkeypatch.setattr(publishing, "AT_ONCE", 2)
    desk.publish()
    desk.send(*({"userId": f"u{number}", "event": "Demo Requested"} for number in range(5)))

    desk.publish(HARDER)
    settle(desk)

    assert [lead.total for lead in queries.leads().items] == [pytest.approx(10)] * 5


def test_scores_stay_right_while_the_table_of_shapes_begins_anew(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MOST_LEARNT", 30)
    desk.publish(AGREEMENT.replace("criteria:", f"criteria:\n{TAGGED}"))
    for minute in range(40):
        late = desk.clock.now - timedelta(minutes=3 * (minute % 2))
        tags = [f"t{place}" for place in range(5) if minute >> place & 1]
        event = {"userId": "ann", "event": "Tagged", "properties": {"tag": tags}, "timestamp": late.isoformat()}
        desk.send({**ANN, "traits": {"tags": tags}}, event)
        desk.clock.advance(minutes=1)

    [lead], definition = queries.leads().items, queries.definition(1)

    assert definition is not None
    assert lead.total == pytest.approx(score(definition, queries.history(lead.id), as_of=lead.scored_at).total)


TAGGED = "".join(
    f"      c{place}: {{on: Tagged, where: {{tag: t{place}}}, points: {place + 1}}}\n" for place in range(5)
)


def test_old_versions_stay_readable(desk: Desk) -> None:
    desk.publish()
    desk.publish(EASIER)

    assert [version.number for version in queries.versions()] == [2, 1]
    first = queries.definition(1)
    assert first is not None and first.criteria[0].points == 40
    with pytest.raises(LookupError):
        queries.definition(3)


def test_the_starter_definition_can_be_published(desk: Desk) -> None:
    import ripeline.definition

    starter = Path(ripeline.definition.__file__).parent / "templates/definition.yaml"

    desk.publish(starter.read_text("utf-8"))

    assert queries.current_version() is not None
