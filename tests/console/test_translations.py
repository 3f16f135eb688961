"""Every text people see can be translated, and a language that has its catalogue is spoken."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ripeline
from ripeline.server.console import assets

SERVER = Path(assets.__file__).parent.parent
TEMPLATES = sorted(SERVER.rglob("templates/**/*.html"))
# Text that is the same in every language: the name of the product, keys, code.
NOT_FOR_TRANSLATION = re.compile(
    r"{#.*?#}|{% comment %}.*?{% endcomment %}"
    r"|{% block \w+_class %}.*?{% endblock %}"
    r"|{% blocktranslate.*?{% endblocktranslate %}"
    r"|<(code|kbd|pre|title)\b.*?</\1>"
    r"|hx-[a-z-]+=\"[^\"]*\"|{%.*?%}|{{.*?}}|&\w+;",
    re.DOTALL,
)


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(SERVER).as_posix())
def test_a_template_holds_no_text_of_its_own(template: Path) -> None:
    left = NOT_FOR_TRANSLATION.sub("", template.read_text("utf-8"))
    attributes = re.findall(r'(?:aria-label|title|placeholder|alt|data-copied)="([^"]*)"', left)
    visible = re.sub(r"<[^>]*>", " ", left).replace("Ripeline", "")

    assert re.findall(r"[^\W\d_]+", " ".join([visible, *attributes])) == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(SERVER).as_posix())
def test_a_template_names_no_format_of_a_date(template: Path) -> None:
    formats = re.findall(r"\|date:[\"']([^\"']*)", template.read_text("utf-8"))

    assert [one for one in formats if one not in ("c", "Y-m-d")] == []  # which are for machines


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `makemessages` finds, in a copy of the package."""
    if shutil.which("xgettext") is None:
        pytest.skip("no GNU gettext on the path")
    copy = tmp_path_factory.mktemp("copy")
    skipped = shutil.ignore_patterns("__pycache__", "static", "*.po")
    shutil.copytree(Path(ripeline.__file__).parent, copy / "ripeline", ignore=skipped)
    environment = {"PYTHONPATH": str(copy), "RIPELINE_WORKSPACE": str(copy)}
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", "--locale", "pl", "--settings", "ripeline.server.settings"],
        cwd=copy / "ripeline/server", env={**os.environ, **environment}, check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return copy / "ripeline/server/locale/pl/LC_MESSAGES/django.po"


def test_makemessages_finds_the_texts_of_templates_and_code(catalogue: Path) -> None:
    found = catalogue.read_text("utf-8")

    for text in ("Skip to content", "Answered within SLA", "Too many attempts. Try again in %(minutes)d minute."):
        assert f'msgid "{text}"' in found


def test_the_catalogue_can_be_compiled(catalogue: Path) -> None:
    compiled = subprocess.run(
        ["msgfmt", "--check-format", "-o", os.devnull, catalogue], capture_output=True, text=True, check=False
    )

    assert (compiled.returncode, compiled.stderr) == (0, "")
