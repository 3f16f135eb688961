"""Bytes as a page can show them: JSON laid out, text with its odd characters named, anything else as hex."""

import re
from typing import Literal

import msgspec

from ripeline.events.splitting import deeper_than
from ripeline.events.wire import DEEPEST

LONGEST_SHOWN = 20_000  # characters on a page; the whole can be downloaded
LONGEST_MENDED = 256 * 1024  # bytes in the form: three times as many on their way back
_HEX_SHOWN = 1_024

_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """`text` is for reading, cut where `is_cut`; `mendable` for the form, None where it is too long for one.

    Of bytes that are no text at all, there is nothing to mend: the message is to be written anew.
    """

    form: Literal["json", "text", "binary"]
    text: str
    mendable: str | None
    is_cut: bool


def shown(body: bytes) -> Shown:
    r"""How `body` is shown.

    >>> shown(b'{"userId":"ada"}').text.splitlines()
    ['{', '  "userId": "ada"', '}']
    >>> shown(bytes(range(128, 136))).text
    '00000000  80 81 82 83 84 85 86 87                          |........|'
    """
    if _is_binary(body):
        return Shown(form="binary", text=_hex(body[:_HEX_SHOWN]), mendable="", is_cut=len(body) > _HEX_SHOWN)
    laid_out = _laid_out(body)
    text = _CONTROLS.sub(_named, body.decode(errors="replace")) if laid_out is None else laid_out
    return Shown(
        form="text" if laid_out is None else "json",
        text=text[:LONGEST_SHOWN],
        mendable=text if len(text.encode()) <= LONGEST_MENDED else None,
        is_cut=len(text) > LONGEST_SHOWN,
    )


def _laid_out(body: bytes) -> str | None:
    """JSON with a line for each member; None of what is none, or so deep that its blanks would be megabytes."""
    if len(body) > LONGEST_MENDED or deeper_than(DEEPEST, body):
        return None
    try:
        msgspec.json.decode(body)
        text = msgspec.json.format(body, indent=2).decode()
    except (ValueError, RecursionError):
        return None
    return None if _CONTROLS.search(text) else text


def _is_binary(body: bytes) -> bool:
    """More than a stray byte that is no text."""
    head = body[:4_096].decode(errors="replace")
    strange = head.count("\ufffd") + sum(head.count(sign) for sign in map(chr, (*range(9), *range(14, 32))))
    return strange > 3 and strange * 20 > len(head)


def _named(sign: re.Match[str]) -> str:
    return f"\\u{ord(sign[0]):04x}"


def _hex(body: bytes) -> str:
    lines = []
    for at in range(0, len(body), 16):
        row = body[at : at + 16]
        signs = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{at:08x}  {row.hex(' '):<47}  |{signs}|")
    return "\n".join(lines)
