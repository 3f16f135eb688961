"""Who may know whom. The import contracts in pyproject.toml say it of the source; this says it of what is loaded."""

import subprocess
import sys

import grimp

LOAD_ALL = """
import importlib, pkgutil, sys
for room in {rooms}:
    package = importlib.import_module(f"ripeline.{{room}}")
    for module in pkgutil.walk_packages(getattr(package, "__path__", ()), package.__name__ + "."):
        importlib.import_module(module.name)
print(*sorted({{name.partition(".")[0] for name in sys.modules}}))
"""
BELOW_BATCH = ("translation", "events", "criteria", "definition", "scoring", "lifecycle", "stats")


def packages_loaded_by(*rooms: str) -> set[str]:
    """The top-level packages in a fresh interpreter that has imported every module of `rooms`."""
    command = [sys.executable, "-c", LOAD_ALL.format(rooms=rooms)]
    return set(subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout.split())


def test_floors_one_to_five_load_no_django() -> None:
    loaded = packages_loaded_by(*BELOW_BATCH, "batch", "demo")

    assert "ripeline" in loaded
    assert "django" not in loaded


def test_nothing_below_the_batch_loads_duckdb_or_arrow() -> None:
    loaded = packages_loaded_by(*BELOW_BATCH)

    assert loaded.isdisjoint({"duckdb", "pyarrow"})


def test_reading_a_definition_needs_no_compiler() -> None:
    loaded = packages_loaded_by("translation", "events", "criteria", "definition")

    assert loaded.isdisjoint({"numba", "llvmlite", "numpy"})


def test_a_rooms_models_are_imported_by_that_room_alone() -> None:
    graph = grimp.build_graph("ripeline", exclude_type_checking_imports=True)
    models = [module for module in graph.modules if module.endswith(".models")]

    strangers = [
        f"{importer} imports {module}"
        for module in models
        for importer in graph.find_modules_that_directly_import(module)
        if not importer.startswith(module.removesuffix("models"))
    ]

    assert models
    assert strangers == []
