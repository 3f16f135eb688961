"""What a web address says about how somebody came: campaign parameters and the kind of an ad's click id."""

from functools import lru_cache
from urllib.parse import parse_qsl, urlsplit

# Ad platforms' click ids, in the order in which one is taken where an address carries several.
CLICK_IDS = (
    "gclid", "gbraid", "wbraid", "dclid", "yclid", "ymclid", "fbclid",
    "msclkid", "ttclid", "li_fat_id", "twclid", "vkclid",
)  # fmt: skip

CAMPAIGN_PARTS = {
    "utm_source": "source",
    "utm_medium": "medium",
    "utm_campaign": "name",
    "utm_term": "term",
    "utm_content": "content",
}


# Senders choose the addresses: longer ones are read without being remembered.
_LONGEST_REMEMBERED = 2_000


def parameters(address: str) -> dict[str, str]:
    """The query parameters of a URL, or of its `?…` part alone; the first of each name, names in lower case.

    >>> parameters("https://shop.example/?UTM_Source=news&gclid=Ab1")
    {'utm_source': 'news', 'gclid': 'Ab1'}
    """
    return _parameters(address) if len(address) <= _LONGEST_REMEMBERED else _parameters.__wrapped__(address)


@lru_cache(maxsize=8192)
def _parameters(address: str) -> dict[str, str]:
    query = address.partition("?")[2].partition("#")[0]
    found: dict[str, str] = {}
    try:
        for name, value in parse_qsl(query, max_num_fields=200, errors="replace"):
            found.setdefault(name.lower(), value)
    except ValueError:
        return {}
    return found


def host_and_path(address: str) -> tuple[str | None, str | None]:
    """Host (lower case) and path of a URL; None where it has none.

    >>> host_and_path("https://Shop.example/pricing?plan=pro")
    ('shop.example', '/pricing')
    """
    return _host_and_path(address) if len(address) <= _LONGEST_REMEMBERED else _host_and_path.__wrapped__(address)


@lru_cache(maxsize=8192)
def _host_and_path(address: str) -> tuple[str | None, str | None]:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None, None
    return host, parts.path or ("/" if host else None)


def click_id_kind(addresses: tuple[str, ...]) -> str | None:
    """Which ad platform's click id the first address that has one carries: `gclid`, `fbclid`, …

    >>> click_id_kind(("https://shop.example/?fbclid=x",))
    'fbclid'
    """
    for address in addresses:
        if "id=" in address.lower():  # as they all end
            found = parameters(address)
            for kind in CLICK_IDS:
                if found.get(kind):
                    return kind
    return None


def first_parameter(name: str, addresses: tuple[str, ...]) -> str | None:
    """The value of a campaign parameter (`utm_source` and its like) in the first address that has it.

    >>> first_parameter("utm_source", ("?utm_medium=email", "?utm_source=news"))
    'news'
    """
    for address in addresses:
        if "utm_" in address.lower():
            found = parameters(address).get(name)
            if found:
                return found
    return None
