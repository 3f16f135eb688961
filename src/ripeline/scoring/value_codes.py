"""Numbers by which values of facts are told apart. They outlive the process: states in the log hold them."""

from hashlib import blake2b

from ripeline.criteria.condition import Scalar, Value


def value_code(value: Value) -> int:
    """63 bits of `value`, never 0; 0 for what is absent. 7 is 7.0, but neither "7" nor true.

    >>> value_code(7) == value_code(7.0), value_code(7) == value_code("7"), value_code(1) == value_code(True)
    (True, False, False)
    >>> value_code(None)
    0
    """
    if value is None:
        return 0
    return (int.from_bytes(blake2b(_canonical(value), digest_size=8).digest(), "little") >> 1) or 1


def unread_code(field: str, value: Value) -> int:
    """A statement of a fact that nothing reads: 31 bits of the field, then 32 of the value (0: unset)."""
    name = int.from_bytes(blake2b(field.encode(errors="surrogatepass"), digest_size=4).digest(), "little") >> 1
    return name << 32 | ((value_code(value) & 0xFFFFFFFF) or (0 if value is None else 1))


def _canonical(value: Scalar | tuple[Scalar, ...] | list[Scalar]) -> bytes:
    if isinstance(value, str):
        return b"t" + value.encode(errors="surrogatepass")
    if isinstance(value, bool):
        return b"yes" if value else b"no"
    if isinstance(value, (int, float)):
        return b"n" + repr(int(value) if value == int(value) else value).encode()
    return b"l" + b"".join(len(part).to_bytes(4, "little") + part for part in map(_canonical, value))
