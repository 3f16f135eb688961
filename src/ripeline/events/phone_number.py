"""A telephone number as people write it, in the one form that can be dialled from anywhere (E.164)."""

from functools import lru_cache

LONGEST = 60
_ABROAD = ("+", "00", "＋")  # what a number with its country's code begins with


def phone_number(value: object, country: str | None = None) -> str | None:
    """The number that `value` is, dialled from `country` (two letters) where it tells no country's code itself.

    None where it is no number, or of nobody knows which country. What is read may still not be in use.

    >>> phone_number("+46 (0)8-123 456 78"), phone_number("0046 8 123 456 78"), phone_number("08-123 456 78", "SE")
    ('+46812345678', '+46812345678', '+46812345678')
    >>> phone_number("08-123 456 78"), phone_number("call me"), phone_number("+49 1")
    (None, None, None)
    """
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    text = value.strip()
    if not text or (country is None and not text.startswith(_ABROAD)):
        return None
    return _read(text, country)


@lru_cache(maxsize=4096)
def _read(text: str, country: str | None) -> str | None:
    import phonenumbers

    try:
        number = phonenumbers.parse(f"+{text[2:]}" if text.startswith("00") else text, country)
    except phonenumbers.NumberParseException:
        return None
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def dialled(number: str) -> str:
    """What `phone_number` answered, in groups as people read them.

    >>> dialled("+46812345678")
    '+46 8 123 456 78'
    """
    import phonenumbers

    read = phonenumbers.parse(number, None)
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
