"""The documents run: their examples, their links, and the list of commands."""

import doctest
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from ripeline.server.migrating import set_up_django

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(page for place in ("", "docs/**/", "examples/**/", "conformance/") for page in ROOT.glob(f"{place}*.md"))
SOURCES = sorted((ROOT / "src").rglob("*.py"))
MODULES = [path for path in SOURCES if re.search(r"^ *>>> ", path.read_text("utf-8"), re.MULTILINE)]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT / "src").with_suffix("").parts)


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_a_modules_examples_run(path: Path, tmp_path: Path) -> None:
    if "server" in path.parts:
        set_up_django(tmp_path)

    assert doctest.testmod(importlib.import_module(module_name(path).removesuffix(".__init__"))).failed == 0


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_pages_examples_run(page: Path) -> None:
    assert doctest.testfile(str(page), module_relative=False, optionflags=doctest.ELLIPSIS).failed == 0


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_pages_links_lead_somewhere(page: Path) -> None:
    local = [link for link in links(page) if "://" not in link and not link.startswith("mailto:")]

    assert [link for link in local if not resolves(page, link)] == []


def links(page: Path) -> Iterator[str]:
    """The addresses of links and pictures on a page."""
    for block in MarkdownIt().parse(page.read_text("utf-8")):
        for token in block.children or ():
            address = token.attrs.get("href") or token.attrs.get("src")
            if address:
                yield str(address)


def resolves(page: Path, link: str) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path) if path else page
    return target.exists() and (not anchor or anchor in anchors(target))


def anchors(page: Path) -> set[str]:
    """The anchors a reader of the repository can jump to: its headings, in lower case, with dashes for blanks."""
    headings = re.findall(r"^#+ +(.+?) *$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_make_lists_every_command() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    commands = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE)) - {"product", "tools"}
    listed = subprocess.run(["make"], cwd=ROOT, check=True, capture_output=True, text=True, timeout=30).stdout

    assert {line.split()[1] for line in listed.splitlines()} == commands
    assert all(len(line.split()) > 3 for line in listed.splitlines())


def test_the_change_log_can_be_built_from_its_fragments() -> None:
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", "next"]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)

    assert built.returncode == 0, built.stderr + built.stdout
