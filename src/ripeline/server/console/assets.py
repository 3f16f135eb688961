"""The static files: which folders they come from, and the folder in which `gathering` puts them, hashed and compressed.

They depend on what is installed, not on a workspace, so one gathering in the user's cache serves every workspace; its
name is a fingerprint of the sources, so a changed file never meets an old gathering.
"""

import hashlib
import importlib.util
import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

OURS = Path(__file__).parent / "static"


def _package(name: str) -> Path | None:
    spec = importlib.util.find_spec(name)
    return Path(spec.submodule_search_locations[0]) if spec and spec.submodule_search_locations else None


@lru_cache
def font_folder() -> Path | None:
    """The Inter fonts inside the installed `unfold` wheel; None leaves the system's own sans-serif."""
    package = _package("unfold")
    folder = package / "static/unfold/fonts/inter" if package else None
    return folder if folder and folder.is_dir() else None


def libraries() -> list[tuple[str, Path]]:
    """What django.contrib.staticfiles serves besides the apps' own folders: (prefix, folder)."""
    fonts = font_folder()
    return [("inter", fonts)] if fonts else []


def _sources() -> Iterator[Path]:
    htmx = _package("django_htmx")
    for folder in (OURS, font_folder(), htmx / "static" if htmx else None):
        if folder:
            yield from sorted(path for path in folder.rglob("*") if path.is_file())


@lru_cache
def folder() -> Path:
    """Where the gathered files of exactly these sources belong."""
    stamp = hashlib.blake2b(digest_size=8)
    for path in _sources():
        status = path.stat()
        stamp.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "ripeline" / "static" / stamp.hexdigest()
