import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.scoring.happened import agreed, day, did, said
from tests.strategies import EVENT_FIELDS, EVENT_NAMES, definitions

from ripeline.criteria.condition import Value
from ripeline.criteria.equals import Equals
from ripeline.definition.model import Definition
from ripeline.events.event import Event
from ripeline.events.reading import value as value_of
from ripeline.scoring import shapes
from ripeline.scoring.history import Coded, event_shapes
from ripeline.scoring.program import Program, compiled
from ripeline.scoring.value_codes import unread_code, value_code

PRICING = """
  engagement:
    criteria:
      pricing: {on: Page Viewed, where: {path: {begins_with: /pricing}}, points: 8}
      pro: {on: Plan Chosen, where: {plan: pro}, points: 5}
"""


def test_only_what_a_definition_asks_of_an_event_is_read() -> None:
    table = Program(agreed(PRICING)).shapes

    assert table.fields("page", "page_viewed") == ("path",)
    assert table.fields("track", "Plan Chosen") == ("plan",)
    assert table.fields("track", "Anything Else") == ()


def test_values_that_no_condition_tells_apart_share_a_shape() -> None:
    table = Program(agreed(PRICING)).shapes

    numbers = {table.of(did("Page Viewed", day(0), path=f"/pricing/{number}")) for number in range(1_000)}

    assert len(numbers) == 1
    assert table.of(did("Page Viewed", day(0), path="/about")) not in numbers


def test_names_that_nobody_mentions_share_a_shape_however_many_come() -> None:
    table = Program(agreed(PRICING)).shapes

    assert len({table.of(did(f"Event {number}", day(0))) for number in range(1_000)}) == 1


def test_what_is_remembered_of_values_stays_bounded() -> None:
    table = Program(agreed("{fit: {criteria: {head: {when: {title: {contains: head}}, points: 25}}}}")).shapes
    classes = shapes.FieldClasses(())

    for number in range(shapes.KEPT_VALUES + 10):
        classes.of(f"value {number}")
        table.statement("title", f"title {number}")

    assert len(classes._by_value) <= shapes.KEPT_VALUES
    assert len(table._fact_values[table._slots["title"]]) <= shapes.KEPT_VALUES


def test_a_class_gets_its_number_while_no_other_thread_gives_one() -> None:
    classes, seen = shapes.FieldClasses([Equals("plan", "pro")]), list[bool]()

    class Samples(list[Value]):
        def append(self, value: Value) -> None:
            seen.append(classes._lock.locked())
            super().append(value)

    classes.samples = Samples(classes.samples)

    assert [classes.of("pro"), classes.of("free"), seen] == [1, 0, [True]]


TWENTY = (
    "{e: {criteria: {"
    + ", ".join(f"c{number}: {{on: Page Viewed, where: {{tag: t{number}}}, points: 1}}" for number in range(20))
    + "}}}"
)


def tags(number: int) -> list[str]:
    """Some of twenty tags: others for each number up to a million."""
    return [f"t{place}" for place in range(20) if number >> place & 1]


def test_shapes_that_come_later_stand_behind_the_others_and_leave_them_as_they_were() -> None:
    slowly, at_once = Program(agreed(TWENTY)).shapes, Program(agreed(TWENTY)).shapes
    read = []
    for number in range(300):
        slowly.of(did("Page Viewed", day(0), tag=tags(number)))
        read.append(slowly.tables())
        at_once.of(did("Page Viewed", day(0), tag=tags(number)))

    for early, late, whole in zip(read[40], slowly.tables(), at_once.tables(), strict=True):
        assert late.tolist() == whole.tolist()
        assert early.tolist() == whole[: len(early)].tolist()


def test_a_program_that_has_learnt_too_much_makes_room_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MOST_LEARNT", 100)
    definition = agreed(TWENTY)
    program = compiled(definition)
    before = program.shapes.of(did("Page Viewed", day(0), tag="t3"))

    for number in range(100):
        program.shapes.of(did("Page Viewed", day(0), tag=tags(number)))

    assert program.shapes.meaning(before).hits == ((3, 1.0),)  # for whoever has numbers of it
    assert compiled(definition) is compiled(definition) is not program
    assert compiled(definition).key == program.key


def test_one_and_yes_are_told_apart() -> None:
    table = Program(agreed("{e: {criteria: {a: {on: Form Sent, where: {terms: true}, points: 5}}}}")).shapes

    assert table.of(did("Form Sent", day(0), terms=1)) != table.of(did("Form Sent", day(0), terms=True))


def test_codes_of_values_outlive_the_process() -> None:
    assert value_code("Head of Sales") == 6_020_930_878_260_809_463
    assert unread_code("shoesize", 43) == 29_860_471_735_897_147
    assert [value_code(None), unread_code("shoesize", None) & 0xFFFFFFFF] == [0, 0]


@given(st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text(), st.booleans()))
def test_a_value_has_one_code_and_lists_have_their_own(value: Value) -> None:
    assert value_code(value) == value_code(value) != 0
    assert value_code([value, "x"]) != value_code(value)  # type: ignore[list-item] # one value, drawn
    assert unread_code("field", value) & 0xFFFFFFFF != 0


VALUES = st.dictionaries(st.sampled_from(sorted(EVENT_FIELDS)), st.integers(0, 9))


@given(definitions(), st.lists(st.tuples(st.sampled_from((*EVENT_NAMES, "Other")), VALUES), min_size=1, max_size=20))
def test_columns_have_the_shapes_of_their_events(
    definition: Definition, told: list[tuple[str, dict[str, int]]]
) -> None:
    program = Program(definition)
    events = [
        did(name, day(0), **{f: EVENT_FIELDS[f][n % len(EVENT_FIELDS[f])] for f, n in fields.items()})
        for name, fields in told
    ]
    events += [said(day(0), title="Head of IT")]
    pairs = sorted({(event.kind, event.name) for event in events})
    codes = np.array([pairs.index((event.kind, event.name)) for event in events], dtype=np.int32)
    fields = {field for pair in pairs for field in program.shapes.fields(*pair)}

    found = event_shapes(program, pairs, codes, {field: column(field, events) for field in fields})

    assert found.tolist() == [program.shapes.of(event) for event in events]


def column(field: str, events: list[Event]) -> Coded:
    values = [value_of(event, field) for event in events]
    return Coded(
        values, np.array([-1 if value is None else place for place, value in enumerate(values)], dtype=np.int32)
    )
