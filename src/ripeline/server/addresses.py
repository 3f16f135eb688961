"""What an address holds besides words: the ids of what is stored, and pages of ours that other parties name."""

from urllib.parse import urlsplit


class Id:
    """An id in a path, `<id:lead>`. What is longer than the store can hold is no address of ours."""

    regex = "[0-9]{1,18}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


def page_of(address: str) -> str:
    """Path and query of a page that a browser says it is on; empty where that is no address.

    >>> page_of("http://localhost/leads/?q=ada"), page_of("http://[")
    ('/leads/?q=ada', '')
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
