"""Shapes: what an event, a statement or an act means to the fold, as one small number per process."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from threading import Lock

from ripeline.criteria.condition import Condition, Leaf, Value
from ripeline.definition.model import STAGES, Channel, Criterion, Definition
from ripeline.events.event import Event
from ripeline.events.instants import MICROSECOND
from ripeline.events.names import folded
from ripeline.events.reading import reader
from ripeline.scoring import tables
from ripeline.scoring.acts import LEADS_TO, LEGAL_FROM
from ripeline.scoring.postfix import Facts
from ripeline.scoring.shape_columns import Shape, ShapeColumns
from ripeline.scoring.value_codes import unread_code, value_code

# Calls that state facts; they are acts of the lead only where a definition names them.
STATING_KINDS = frozenset(("identify", "group", "alias"))
# Answers kept for one field; when more come, all are forgotten, so memory stays bounded whatever is sent.
KEPT_VALUES = 16_384
# Shapes and combinations of values that a table learns, about 100 MB: lists of twenty values that are told apart make a
# million, and whoever has a write key may send them.
MOST_LEARNT = 200_000


class FoldedReading:
    """Values by folded field, as a reading for conditions that spell fields as their authors did."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    def get(self, field: str, /) -> Value:
        return self._values.get(folded(field))


class FieldClasses:
    """The values of one field, sorted into classes that no comparison tells apart; class 0 is what is absent."""

    def __init__(self, leaves: Iterable[Leaf]) -> None:
        self.leaves = tuple(leaves)
        self.samples: list[Value] = [None]  # one value of each class
        self._by_truths: dict[tuple[bool, ...], int] = {self._truths(None): 0}
        self._by_value: dict[object, int] = {}
        self._lock = Lock()  # the writer and pages share one program

    def of(self, value: Value) -> int:
        if value is None:
            return 0
        key = value if type(value) is str else lookup_key(value)
        found = self._by_value.get(key)
        return found if found is not None else self._learnt(key, value)

    def _learnt(self, key: object, value: Value) -> int:
        truths = self._truths(value)
        with self._lock:
            found = self._by_truths.setdefault(truths, len(self.samples))
            if found == len(self.samples):
                self.samples.append(value)
            if len(self._by_value) >= KEPT_VALUES:
                self._by_value.clear()
            self._by_value[key] = found
        return found

    def _truths(self, value: Value) -> tuple[bool, ...]:
        return tuple(leaf.matches(value) for leaf in self.leaves)


def lookup_key(value: Value) -> object:
    """A key under which equal values are found and values of different types are not: `1 == True` in Python."""
    if isinstance(value, (list, tuple)):
        return tuple(map(lookup_key, value))
    return (value,) if isinstance(value, bool) else (None, value)


class EventPlan:
    """How events of one name (and whether their call states facts) become shapes."""

    def __init__(self, table: "ShapeTable", name: str, *, states_facts: bool) -> None:
        definition = table.definition
        self.criteria = [
            (number, criterion)
            for number, criterion in enumerate(definition.criteria)
            if criterion.on is not None and folded(criterion.on) == name
        ]
        self.at_once = name in map(folded, definition.mql.at_once)
        self.returns = name in map(folded, definition.returns_by)
        named = bool(self.criteria) or self.at_once or self.returns
        self.happening = name not in map(folded, definition.not_acts) and (named or not states_facts)
        self.fields = table.fields_of(criterion for _, criterion in self.criteria)
        self.classes = tuple(table.classes[folded(field)] for field in self.fields)
        self.readers = tuple(map(reader, self.fields))
        self.known: dict[tuple[int, ...], int] = {}
        self.known_plain: int | None = None  # where no field is read


class ShapeTable:
    """Numbers for all that a definition can tell apart. They are valid in this process only."""

    def __init__(self, definition: Definition, facts: Facts) -> None:
        self.definition = definition
        self._facts = facts
        self._slots = {field: slot for slot, field in enumerate(facts.fields)}
        # By slot and value the shape of a statement, that of a hint, and the code.
        self._fact_values: list[dict[object, tuple[int, int, int]]] = [{} for _ in facts.fields]
        self._weighs_channels = _weighs_channels(definition)
        self.classes = _field_classes(definition)
        # What the channel table reads of an event, and by the classes of that the row it matches.
        self._of_channels = [
            (folded(field), reader(field), self.classes[folded(field)]) for field in _channel_fields(definition)
        ]
        self._channels: dict[tuple[int, ...], Channel | None] = {}
        self._plans: dict[tuple[bool, str], EventPlan] = {}
        self._plan_of: dict[tuple[str, str], EventPlan] = {}
        self._numbers: dict[Shape, int] = {}
        self._meanings: list[Shape] = []
        self._lock = Lock()
        self._columns = ShapeColumns()
        self._combinations = 0  # of classes that events had
        self._names = frozenset(_names(definition))
        self._unread = self._number(Shape(tables.UNREAD)), self._number(Shape(tables.UNREAD, hint=True))

    def fields(self, kind: str, name: str) -> tuple[str, ...]:
        """The fields (as `events.reading.value` knows them) that must be read of an event to know its shape."""
        return self.plan(kind, name).fields

    def event(self, kind: str, name: str, values: dict[str, Value]) -> int:
        """The shape of an event whose `fields` have `values`; absent ones may be left out."""
        plan = self.plan(kind, name)
        return self.of_classes(
            plan, tuple(known.of(values.get(f)) for f, known in zip(plan.fields, plan.classes, strict=True))
        )

    def of(self, event: Event) -> int:
        """The shape of an event."""
        plan = self._plan_of.get((event.kind, event.name)) or self.plan(event.kind, event.name)
        if not plan.fields:
            return plan.known_plain if plan.known_plain is not None else self.of_classes(plan, ())
        classes = tuple([known.of(read(event)) for read, known in zip(plan.readers, plan.classes, strict=True)])
        found = plan.known.get(classes)
        return found if found is not None else self.of_classes(plan, classes)

    def statement(self, field: str, value: Value, *, hint: bool = False) -> tuple[int, int]:
        """The shape and the value code of a statement of a fact (folded field); None unsets, a hint only fills."""
        slot = self._slots.get(field)
        if slot is None:
            return self._unread[hint], unread_code(field, value)
        key = value if type(value) is str else lookup_key(value)
        known = self._fact_values[slot].get(key)
        if known is None:
            known = self._learn_fact(slot, key, value)
        return known[hint], known[2]

    def act(self, act: str, reason: str = "") -> int:
        """The shape of a person's act read as if. Raises ValueError where there is no such act."""
        if act not in LEGAL_FROM:
            raise ValueError(f"unknown act {act!r}: one of {', '.join(LEGAL_FROM)}")
        legal = sum(1 << STAGES.index(stage) for stage in LEGAL_FROM[act])
        if act != "reject":
            return self._number(Shape(tables.MOVED, moves_from=legal, moves_to=STAGES.index(LEADS_TO[act])))
        to, wait = self._where(reason)
        return self._number(Shape(tables.MOVED, moves_from=legal if to else 0, moves_to=_stage(to), wait=wait))

    def transition(self, to: str, reason: str = "") -> int:
        """The shape of a recorded move read as it happened."""
        wait = self._where(reason)[1] if to == "recycled" else 0
        return self._number(Shape(tables.MOVED, moves_from=(1 << len(STAGES)) - 1, moves_to=_stage(to), wait=wait))

    def plan(self, kind: str, name: str) -> EventPlan:
        """How events of a kind and name become shapes; events that no criterion names share two plans."""
        spelled = folded(name)
        key = kind in STATING_KINDS, spelled if spelled in self._names else ""
        plan = self._plans.get(key)
        if plan is None:
            plan = self._plans.setdefault(key, EventPlan(self, key[1], states_facts=key[0]))
        if len(self._plan_of) >= KEPT_VALUES:
            self._plan_of.clear()
        self._plan_of[kind, name] = plan
        return plan

    def of_classes(self, plan: EventPlan, classes: tuple[int, ...]) -> int:
        """The shape of an event of which each field read is in the class given."""
        found = plan.known.get(classes)
        if found is None:
            samples = [known.samples[number] for known, number in zip(plan.classes, classes, strict=True)]
            found = plan.known[classes] = self._number(
                self._shape(plan, dict(zip(map(folded, plan.fields), samples, strict=True)))
            )
            self._combinations += 1
            if not classes:
                plan.known_plain = found
        return found

    def fields_of(self, criteria: Iterable[Criterion]) -> tuple[str, ...]:
        """The fields that tell what an event earns under `criteria`; where the channel matters, those of its table."""
        fields: dict[str, str] = {}
        reads_channel = False
        for criterion in criteria:
            reads_channel |= self._weighs_channels
            for field in criterion.when.fields() if criterion.when is not None else ():
                reads_channel |= folded(field) == "channel"
                fields.setdefault(folded(field), field)
        if reads_channel:
            for channel in self.definition.channels:
                for field in channel.when.fields() if channel.when is not None else ():
                    fields.setdefault(folded(field), field)
        fields.pop("channel", None)
        return tuple(fields.values())

    def channel(self, event: Event) -> Channel | None:
        """The row of the channel table that an event matches."""
        classes = tuple([known.of(read(event)) for _field, read, known in self._of_channels])
        if classes not in self._channels:
            told = zip(self._of_channels, classes, strict=True)
            values = {field: known.samples[number] for (field, _read, known), number in told}
            self._channels[classes] = channel_of(self.definition.channels, values)
        return self._channels[classes]

    def meaning(self, number: int) -> Shape:
        """What a shape says."""
        return self._meanings[number]

    def tables(self) -> tables.Shapes:
        """All shapes known by now, for the kernels."""
        with self._lock:
            if self._columns.count < len(self._meanings):
                self._columns.add(self._meanings[self._columns.count :])
            return self._columns.read()

    @property
    def is_full(self) -> bool:
        """Whether so much was learnt that a program should begin anew; numbers given by now stay as they are."""
        return len(self._meanings) + self._combinations > MOST_LEARNT

    def _shape(self, plan: EventPlan, values: dict[str, Value]) -> Shape:
        channel = channel_of(self.definition.channels, values)
        weight = channel.weight if channel is not None else 1.0
        reading = FoldedReading({**values, "channel": channel.key if channel is not None else None})
        hits = tuple(
            (number, criterion.points * weight)
            for number, criterion in plan.criteria
            if criterion.when is None or criterion.when.holds(reading)
        )
        return Shape(tables.EVENT, plan.happening, plan.at_once, plan.returns, hits)

    def _learn_fact(self, slot: int, key: object, value: Value) -> tuple[int, int, int]:
        first = self._facts.first_bits()[slot]
        truths = tuple(first + place for place, leaf in enumerate(self._facts.leaves[slot]) if leaf.matches(value))
        kept = self._fact_values[slot]
        if len(kept) >= KEPT_VALUES:
            kept.clear()
        said, hinted = (Shape(tables.FACT, slot=slot, hint=hint, truths=truths) for hint in (False, True))
        learnt = kept[key] = self._number(said), self._number(hinted), value_code(value)
        return learnt

    def _where(self, reason: str) -> tuple[str, int]:
        for known in self.definition.reject_reasons:
            if known.key == reason:
                return known.stage, _micros(known.wait)
        return "", 0

    def _number(self, shape: Shape) -> int:
        found = self._numbers.get(shape)
        if found is None:
            with self._lock:
                found = self._numbers.setdefault(shape, len(self._numbers))
                if found == len(self._meanings):
                    self._meanings.append(shape)
        return found


def channel_of(channels: Sequence[Channel], values: Mapping[str, Value]) -> Channel | None:
    """The first channel whose condition holds of an event's values (by folded field)."""
    reading = FoldedReading(values)
    return next((channel for channel in channels if channel.when is None or channel.when.holds(reading)), None)


def _channel_fields(definition: Definition) -> list[str]:
    """Each field the channel table reads, once."""
    read = [field for channel in definition.channels if channel.when is not None for field in channel.when.fields()]
    return list({folded(field): field for field in read if folded(field) != "channel"}.values())


def _field_classes(definition: Definition) -> dict[str, FieldClasses]:
    leaves: dict[str, list[Leaf]] = {}
    for condition in _event_conditions(definition):
        for leaf in condition.leaves():
            leaves.setdefault(folded(leaf.field), []).append(leaf)
    return {field: FieldClasses(comparisons) for field, comparisons in leaves.items()}


def _event_conditions(definition: Definition) -> Iterable[Condition]:
    for criterion in definition.criteria:
        if criterion.on is not None and criterion.when is not None:
            yield criterion.when
    for channel in definition.channels:
        if channel.when is not None:
            yield channel.when


def _names(definition: Definition) -> Iterable[str]:
    """Every name of an event that the definition treats in a way of its own, folded."""
    for criterion in definition.criteria:
        if criterion.on is not None:
            yield folded(criterion.on)
    yield from map(folded, (*definition.mql.at_once, *definition.returns_by, *definition.not_acts))


def _weighs_channels(definition: Definition) -> bool:
    return any(channel.weight != 1.0 for channel in definition.channels)


def _stage(key: str) -> int:
    return STAGES.index(key) if key else 0


def _micros(span: timedelta) -> int:
    return span // MICROSECOND
