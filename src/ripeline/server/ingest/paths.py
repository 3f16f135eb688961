"""Every path of the door and what it brings. None is ever redirected, so each stands with a slash at its end, too."""

import re
from typing import NamedTuple

BATCH, IMPORT, METRICS, PIXEL, PROJECT, SOURCE = "batch", "import", "metrics", "pixel", "project", "source"
BATCHES = frozenset((BATCH, IMPORT))

# analytics-next says each call by its first letter; RudderStack's beacon can send no header and has a path of its own.
_SPELLED = {
    BATCH: ("v1/batch", "v1/b", "beacon/v1/batch"),
    IMPORT: ("v1/import",),
    **{call: (f"v1/{call}", f"v1/{call[0]}") for call in ("track", "page", "screen", "identify", "group", "alias")},
}
PATHS = {f"/{path}{slash}": kind for kind, spelled in _SPELLED.items() for path in spelled for slash in ("", "/")}

# What begins so, or is so, is never another app's.
PREFIXES = ("/v1/", "/beacon/v1/", "/pixel/v1/")
ALONE = ("/sourceConfig", "/sourceConfig/")

_OTHERS = {
    METRICS: re.compile(r"/v1/m/?"),
    PIXEL: re.compile(r"/(?:v1/pixel|pixel/v1)(?:/(.*?))?/?"),
    PROJECT: re.compile(r"/v1/projects/([^/]+)/settings/?"),
    SOURCE: re.compile(r"/sourceConfig/?()"),
}


class Place(NamedTuple):
    """What a path is that takes no batch and no call, and what it names: a pixel's call, a project's write key."""

    kind: str
    named: str = ""


def other_place(path: str) -> Place | None:
    """The place that `path` names beside those of `PATHS`; None where there is none.

    >>> other_place("/v1/pixel/track"), other_place("/v1/projects/wk_123/settings/"), other_place("/v1/nothing")
    (Place(kind='pixel', named='track'), Place(kind='project', named='wk_123'), None)
    """
    for kind, spelling in _OTHERS.items():
        found = spelling.fullmatch(path)
        if found is not None:
            return Place(kind, *(name or "" for name in found.groups()))
    return None
