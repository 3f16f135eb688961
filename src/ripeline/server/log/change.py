"""What a commit changed, told to whoever shows it."""

import msgspec


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """What a commit changed. `cursor` is the log's newest seq; `inbox` says that a list of waiting leads is stale.

    `leads` is empty and `many` true where too many changed to name.
    """

    cursor: int
    leads: tuple[int, ...]
    inbox: bool
    many: bool = False


MOST_NAMED = 200


def change(cursor: int, leads: set[int], *, inbox: bool) -> Change:
    """A change of `leads`, named if they are few enough to look at one by one."""
    many = len(leads) > MOST_NAMED
    return Change(cursor=cursor, leads=() if many else tuple(sorted(leads)), inbox=inbox, many=many)
