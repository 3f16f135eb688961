"""The locks hold everything that is needed, and nothing of where it came from."""

import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import grimp
import pytest

ROOT = Path(__file__).resolve().parent.parent
SDKS = ROOT / "tests/sdks"
RUN, DEV = ROOT / "requirements/run.txt", ROOT / "requirements/dev.txt"


def pins(lock: Path) -> dict[str, str]:
    """Version of each package in a lock."""
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text("utf-8"), re.MULTILINE))


def names(requirements: list[Any]) -> set[str]:
    """The packages that a list of requirements names; included groups are left out."""
    texts = [text for text in requirements if isinstance(text, str)]
    return {re.split(r"[\[<>=!~ ;]", text, maxsplit=1)[0].lower() for text in texts}


@pytest.fixture(scope="module")
def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.mark.parametrize("lock", [RUN, DEV], ids=["run", "dev"])
def test_a_lock_names_no_index_and_no_host(lock: Path) -> None:
    assert re.findall(r"^-.*|\S*(?:://|file:|@ )\S*", lock.read_text("utf-8"), re.MULTILINE) == []


@pytest.mark.parametrize("lock", [RUN, DEV], ids=["run", "dev"])
def test_every_package_of_a_lock_has_hashes(lock: Path) -> None:
    pinned = re.split(r"\n(?=\S)", lock.read_text("utf-8").strip())

    assert [package for package in pinned if "--hash=sha256:" not in package] == []


def test_the_run_lock_holds_what_the_product_needs_and_no_tool(pyproject: dict[str, Any]) -> None:
    groups = pyproject["dependency-groups"]

    assert names(pyproject["project"]["dependencies"]) | names(groups["build"]) <= pins(RUN).keys()
    assert names(groups["dev"]).isdisjoint(pins(RUN))


def test_the_run_lock_holds_all_that_the_product_imports() -> None:
    graph = grimp.build_graph("ripeline", include_external_packages=True)
    foreign = {module for module in graph.modules if graph.is_module_squashed(module)} - sys.stdlib_module_names
    providers = packages_distributions()
    locked = {name.replace("-", "_") for name in pins(RUN)}

    assert [name for name in sorted(foreign) if locked.isdisjoint(map(normal, providers.get(name, ())))] == []


def normal(distribution: str) -> str:
    return distribution.lower().replace("-", "_")


def test_tests_run_on_the_versions_that_the_product_runs_on(pyproject: dict[str, Any]) -> None:
    assert pins(RUN).items() <= pins(DEV).items()
    assert names(pyproject["dependency-groups"]["dev"]) <= pins(DEV).keys()


def test_the_lock_of_npm_names_no_registry_and_a_checksum_for_each_package() -> None:
    asked = json.loads((SDKS / "package.json").read_text("utf-8"))["dependencies"]
    packages = json.loads((SDKS / "package-lock.json").read_text("utf-8"))["packages"]
    root = packages.pop("")

    assert root["dependencies"] == asked
    assert {name: packages[f"node_modules/{name}"]["version"] for name in asked} == asked
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if not package["integrity"].startswith("sha512-")] == []
