"""Ids as senders give them, and the sixteen bytes under which a message counts once."""

from hashlib import blake2b
from uuid import uuid4

LONGEST_MESSAGE_ID = 100
LONGEST_ID = 255

# What careless code sends when it has no id. Taken for ids, they would make one lead of all who have none.
_NOBODY = frozenset(("", "null", "undefined", "none", "nan", "[object object]"))


def message_key(message_id: str) -> bytes:
    """The 16 bytes that stand for `message_id`: those of a canonical UUID, else its BLAKE2b hash of that length.

    >>> message_key("6f1f2c3e-0000-4000-8000-0123456789ab").hex()
    '6f1f2c3e0000400080000123456789ab'
    >>> len(message_key("order-17"))
    16
    """
    if len(message_id) == 36 and message_id[8] == message_id[13] == message_id[18] == message_id[23] == "-":
        digits = message_id.replace("-", "")
        try:
            key = bytes.fromhex(digits)
        except ValueError:
            key = b""
        if key.hex() == digits and len(key) == 16:  # an upper-case spelling is another id
            return key
    return blake2b(message_id.encode(errors="surrogatepass"), digest_size=16).digest()


def new_message_id() -> str:
    """An id for a message that came without one."""
    return str(uuid4())


def present(told: str | int | float | None) -> str | None:
    """`told` as text, or None where it names nobody: null, empty, and what careless code writes for them.

    >>> present(17), present(17.0), present(""), present("undefined")
    ('17', '17', None, None)
    """
    if told is None:
        return None
    if type(told) is str:
        return None if len(told) <= 15 and told.strip().lower() in _NOBODY else told
    return str(int(told)) if isinstance(told, float) and told.is_integer() else str(told)
