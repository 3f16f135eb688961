"""What a page loads: from us alone, small, and there."""

import gzip
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from ripeline.server.console import assets

SERVER = Path(assets.__file__).parent.parent
TEMPLATES = sorted(SERVER.rglob("templates/**/*.html"))


def weight(*files: Path) -> int:
    return sum(len(gzip.compress(file.read_bytes(), 6)) for file in files)


def test_the_font_is_still_in_the_wheel_that_carries_it() -> None:
    folder = assets.font_folder()

    assert folder is not None
    assert {"Inter-Regular.woff2", "Inter-Medium.woff2", "Inter-SemiBold.woff2", "styles.css"} <= {
        file.name for file in folder.iterdir()
    }


def test_stylesheets_and_scripts_weigh_at_most_35_kilobytes() -> None:
    htmx = find_spec("django_htmx")
    fonts = assets.font_folder()
    assert fonts is not None and htmx is not None and htmx.submodule_search_locations
    library = Path(htmx.submodule_search_locations[0], "static/django_htmx/htmx-2.min.js")
    ours = assets.OURS / "console"

    assert weight(ours / "ripeline.css", ours / "ripeline.js", fonts / "styles.css", library) <= 35_000


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.relative_to(SERVER).as_posix())
def test_a_template_holds_no_inline_style_or_script(template: Path) -> None:
    text = template.read_text("utf-8")

    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?! src=)|hx-on|javascript:|js:", text)
    assert not re.search(r"https?://(?!www\.w3\.org)", text)


def test_the_stylesheet_names_no_other_host() -> None:
    text = (assets.OURS / "console/ripeline.css").read_text("utf-8")

    assert not re.search(r"url\((?!\"data:)", text)


def test_the_fingerprint_changes_with_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one.css").write_text("a")
    monkeypatch.setattr(assets, "OURS", tmp_path)
    before = assets.folder.__wrapped__()

    (tmp_path / "one.css").write_text("ab")

    assert assets.folder.__wrapped__() != before
