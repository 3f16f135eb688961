"""Shapes: what an event, a statement or an act means to the fold, as one small number per process."""

from ripeline.criteria.condition import Value


class ShapeTable:
    """Numbers for all that a definition can tell apart. They are valid in this process only."""

    def fields(self, kind: str, name: str) -> tuple[str, ...]:
        """The fields (as `events.reading.value` knows them) that must be read of an event to know its shape."""
        raise NotImplementedError

    def event(self, kind: str, name: str, values: dict[str, Value]) -> int:
        """The shape of an event whose `fields` have `values`; absent ones may be left out."""
        raise NotImplementedError

    def statement(self, field: str, value: Value, *, hint: bool = False) -> tuple[int, int]:
        """The shape and the value code of a statement of a fact (folded field); None unsets, a hint only fills."""
        raise NotImplementedError

    def act(self, act: str, reason: str = "") -> int:
        """The shape of a person's act read as if."""
        raise NotImplementedError

    def transition(self, to: str, reason: str = "") -> int:
        """The shape of a recorded move read as it happened."""
        raise NotImplementedError
