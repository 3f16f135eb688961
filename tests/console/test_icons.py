"""Icon names change between releases of the library: every name we use must still be drawn."""

import re
from pathlib import Path

import pytest

from ripeline.server.console import assets
from ripeline.server.console.templatetags.console import icon

SERVER = Path(assets.__file__).parent.parent
SHELL = (SERVER / "console/shell.py").read_text("utf-8")
IN_TEMPLATES = {
    name
    for template in SERVER.rglob("templates/**/*.html")
    for name in re.findall(r'\{% icon "([a-z0-9-]+)"', template.read_text("utf-8"))
}
OF_PLACES = set(re.findall(r'gettext_lazy\("\w+"\), "([a-z0-9-]+)"', SHELL))


@pytest.mark.parametrize("name", sorted(IN_TEMPLATES | OF_PLACES))
def test_every_icon_of_a_template_is_in_the_library(name: str) -> None:
    drawn = icon(name)

    assert drawn.startswith("<svg") and 'aria-hidden="true"' in drawn and "style=" not in drawn


def test_an_icon_is_drawn_once() -> None:
    assert icon("inbox", 20) is icon("inbox", 20)
