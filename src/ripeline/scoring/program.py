"""A definition as flat tables which one generic fold reads."""

from ripeline.definition.model import Definition
from ripeline.scoring.shapes import ShapeTable


class Program:
    """A compiled definition. `shapes` gives events, statements and acts the numbers that rows carry."""

    definition: Definition
    shapes: ShapeTable

    def warm(self) -> None:
        """Load or compile the kernels now instead of at the first fold."""
        raise NotImplementedError


def compiled(definition: Definition) -> Program:
    """The program of `definition`; equal definitions share one."""
    raise NotImplementedError
