"""A name for what a definition means: the same for two texts that mean the same, whatever their layout and comments."""

from hashlib import blake2b

import msgspec

from ripeline.criteria.condition import Condition
from ripeline.definition.model import Definition

# Raised when the same definition begins to mean something else, so that nothing kept from before is taken for it.
# 2: facts are read out of others, and a company's domain is the registered one.
_MEANING = b"ripeline definition 2\n"


def fingerprint(definition: Definition) -> str:
    """64 hexadecimal digits.

    >>> trial = Definition(key="trial", title="Trial", timezone="UTC", groups=())
    >>> fingerprint(trial) == fingerprint(Definition(key="trial", title="Trial", timezone="UTC", groups=()))
    True
    """
    return _digest(definition)


def fingerprint_of_condition(condition: Condition) -> str:
    """64 hexadecimal digits for a condition by itself, so that its matches outlive a version.

    >>> from ripeline.criteria.at_least import AtLeast
    >>> fingerprint_of_condition(AtLeast("share", 1)) == fingerprint_of_condition(AtLeast("share", 1.0))
    True
    """
    return _digest(condition)


def _digest(value: Definition | Condition) -> str:
    plain = _without_layout(msgspec.to_builtins(value))
    return blake2b(_MEANING + msgspec.json.encode(plain, order="deterministic"), digest_size=32).hexdigest()


def _without_layout(value: object) -> object:
    """`value` without the lines it was read from, and with 7.0 as 7, for these are one number."""
    if isinstance(value, dict):
        return {key: _without_layout(part) for key, part in value.items() if key != "line"}
    if isinstance(value, (list, tuple)):
        return [_without_layout(part) for part in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value
