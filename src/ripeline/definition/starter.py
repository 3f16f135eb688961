"""The definition a new workspace begins with, and its example leads."""

from pathlib import Path

_FOLDER = Path(__file__).parent / "templates"
DEFINITION = _FOLDER / "definition.yaml"
CASES = _FOLDER / "cases"


def files() -> dict[str, str]:
    """The text of each file by its place in a workspace: `definition.yaml` and what lies in `cases/`.

    >>> sorted(files())
    ['cases/pricing.yaml', 'definition.yaml']
    """
    found = (DEFINITION, *sorted(CASES.glob("*.yaml")))
    return {path.relative_to(_FOLDER).as_posix(): path.read_text("utf-8") for path in found}
