"""An e-mail address as people write it, in the one form by which two of them are told to be the same."""

import re
from functools import lru_cache

LONGEST = 254  # of an address, by RFC 5321
_LONGEST_NAME = 64  # before the @

_WORD = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# What nearly all are: read without the library, which takes fifty times as long.
_PLAIN = re.compile(rf"{_WORD}(?:\.{_WORD})*@(?:{_LABEL}\.)*[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])?")


def mail_address(value: object) -> str | None:
    """The address that `value` is, lower-cased, its domain in letters people read; None where it is none.

    Dots and what stands behind a `+` stay: with most providers they are parts of a name.

    >>> mail_address(" Ada.King+news@Firm.example "), mail_address("ada@xn--mller-kva.example")
    ('ada.king+news@firm.example', 'ada@müller.example')
    >>> mail_address("write to ada@firm.example"), mail_address("ada@firm..example"), mail_address(17)
    (None, None, None)
    """
    if not isinstance(value, str):
        return None
    address = value.strip()
    if len(address) > LONGEST or "@" not in address:
        return None
    address = address.removesuffix(".")
    lower = address.lower()
    name, _, domain = lower.rpartition("@")
    if len(name) <= _LONGEST_NAME and "--" not in domain and address.isascii() and _PLAIN.fullmatch(lower):
        return lower
    return _validated(address)


def domain_of(address: str) -> str:
    """The domain of what `mail_address` answered.

    >>> domain_of("ada@firm.example")
    'firm.example'
    """
    return address.rpartition("@")[2]


@lru_cache(maxsize=4096)
def _validated(address: str) -> str | None:
    """What RFC 5321, 6531 and IDNA 2008 say of the address; nothing is looked up."""
    from email_validator import EmailNotValidError, validate_email

    try:
        read = validate_email(address, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        return None
    return read.normalized.lower()
