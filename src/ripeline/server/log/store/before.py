"""What a merge keeps of two leads, in case they are parted again."""

import msgspec

from ripeline.server.log.store.lifecycle import OfferRow


class Before(msgspec.Struct, frozen=True, array_like=True):
    """What parting two leads gives back: ids, clocks and offers of the absorbed one, and both owners.

    `others` are ids of the survivor, of the strongest kind it had.
    """

    ids: list[int]
    others: list[int]
    owner: str
    survivors_owner: str
    clocks: list[int]
    offers: list[OfferRow]  # of both


def read(stored: bytes) -> Before:
    """The column `before` of a merge."""
    return msgspec.json.decode(stored, type=Before)
