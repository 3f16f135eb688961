"""Why the door refuses an event: a closed list, each with what its sender can do about it."""

from enum import StrEnum

from ripeline.translation import translated


class Reason(StrEnum):
    """The code of a refusal, as it is stored, counted and shown."""

    NOT_GZIP = "not-gzip"
    NOT_JSON = "not-json"
    NOT_TEXT = "not-text"
    WRONG_SHAPE = "wrong-shape"
    NESTED_TOO_DEEPLY = "nested-too-deeply"
    TOO_LARGE = "too-large"
    UNKNOWN_TYPE = "unknown-type"
    NO_NAME = "no-name"
    NAME_TOO_LONG = "name-too-long"
    NO_ID = "no-id"
    ID_TOO_LONG = "id-too-long"
    UNREADABLE_TIME = "unreadable-time"
    TIME_OUT_OF_RANGE = "time-out-of-range"
    UNKNOWN_KEY = "unknown-key"
    NO_CONSENT = "no-consent"
    INCOMPLETE = "incomplete"
    DOES_NOT_FIT = "does-not-fit"
    MAPPING_BROKEN = "mapping-broken"


def explained(reason: Reason) -> str:
    """What `reason` means and what to do now, in the reader's language.

    >>> explained(Reason.NO_ID)
    'Nobody can be told from this event. Send a userId or an anonymousId.'
    """
    sentences = {
        Reason.NOT_GZIP: translated(
            "The body begins like gzip but cannot be unpacked. Compress it whole, or send it plain."
        ),
        Reason.NOT_JSON: translated("This is not JSON. NaN, comments and trailing commas are no part of it."),
        Reason.NOT_TEXT: translated(
            "A text holds a NUL, half a character or bytes that are not UTF-8. Send whole Unicode text."
        ),
        Reason.WRONG_SHAPE: translated("A field has another type than the tracking API gives it."),
        Reason.NESTED_TOO_DEEPLY: translated("Objects and lists are nested too deeply. Send flatter properties."),
        Reason.TOO_LARGE: translated("The event is too large. Send fewer or shorter properties."),
        Reason.UNKNOWN_TYPE: translated("The type is none of track, page, screen, identify, group and alias."),
        Reason.NO_NAME: translated("A track call needs the name of what happened, in `event`."),
        Reason.NAME_TOO_LONG: translated("The name of the event is too long. Put what varies into properties."),
        Reason.NO_ID: translated("Nobody can be told from this event. Send a userId or an anonymousId."),
        Reason.ID_TOO_LONG: translated("An id is too long. Send a shorter one."),
        Reason.UNREADABLE_TIME: translated("The time cannot be read. Send ISO 8601, such as 2026-03-01T09:30:00Z."),
        Reason.INCOMPLETE: translated("A CloudEvent needs a `specversion` of 1.0, an `id`, a `source` and a `type`."),
        Reason.DOES_NOT_FIT: translated(
            "The mapping finds nothing where it points to. Mend the mapping or the message, and replay it."
        ),
        Reason.MAPPING_BROKEN: translated(
            "The mapping of this address cannot be read. Mend it, and replay the message."
        ),
        Reason.TIME_OUT_OF_RANGE: translated("The time is before 1990 or over 24 hours ahead. Set the sender's clock."),
        Reason.UNKNOWN_KEY: translated("The write key in the message is unknown or revoked. Send it under another."),
        Reason.NO_CONSENT: translated(
            "The person did not agree to what the source is for, or objects. Only the count is kept, nothing of theirs."
        ),
    }
    return sentences[reason]
