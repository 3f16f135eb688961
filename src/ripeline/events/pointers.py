"""JSON pointers (RFC 6901): the place of a value in a document, and a step of ours that picks from a list."""

import re
from typing import Any

import msgspec

_STEP = re.compile(r"/(\[[^\]]*\]|[^/]*)")
_INDEX = re.compile("0|[1-9][0-9]*")
_PICK = re.compile(r"\[([^=\]]+)=([^\]]*)\]")


class Pick(msgspec.Struct, frozen=True):
    """A step to the first member of a list whose value under `keys` is written `value`."""

    keys: tuple[str, ...]
    value: str


class Pointer(msgspec.Struct, frozen=True):
    """`text` as written, and the steps it takes."""

    text: str
    steps: tuple[str | Pick, ...]


def pointer(text: str) -> Pointer:
    """The pointer that `text` is. A step `[type=email]` takes the first member of a list whose `type` is `email`.

    Raises ValueError.

    >>> pointer("/answers/[type=email]/email").steps[1]
    Pick(keys=('type',), value='email')
    """
    written = _STEP.findall(text)
    if "".join(f"/{step}" for step in written) != text:
        raise ValueError(text)
    return Pointer(text, tuple(map(_step, written)))


def found(at: Pointer, document: Any) -> Any:
    """The value there; None where there is none, as where it is null.

    >>> answers = {"answers": [{"type": "text"}, {"type": "email", "email": "ada@firm.example"}]}
    >>> found(pointer("/answers/[type=email]/email"), answers), found(pointer("/answers/0/type"), answers)
    ('ada@firm.example', 'text')
    """
    for step in at.steps:
        document = _under(step, document)
        if document is None:
            return None
    return document


def _step(written: str) -> str | Pick:
    pick = _PICK.fullmatch(written)
    if pick is not None:
        return Pick(tuple(pick[1].split("/")), pick[2])
    return written.replace("~1", "/").replace("~0", "~")


def _under(step: str | Pick, document: Any) -> Any:
    if isinstance(step, Pick):
        members = document if isinstance(document, list) else []
        return next((one for one in members if _is_picked(step, one)), None)
    if isinstance(document, dict):
        return document.get(step)
    if isinstance(document, list) and _INDEX.fullmatch(step) and len(step) < 10:
        return document[int(step)] if int(step) < len(document) else None
    return None


def _is_picked(pick: Pick, member: Any) -> bool:
    for key in pick.keys:
        member = member.get(key) if isinstance(member, dict) else None
    return written_as(member) == pick.value


def written_as(value: Any) -> str | None:
    """A plain value as text: `true`, `7`, `won`; None of what is none.

    >>> written_as(True), written_as(7.0), written_as([])
    ('true', '7', None)
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, (str, int, float)) else None
