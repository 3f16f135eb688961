"""Who speaks to us through a proxy: its word on them counts only where the owner named it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Literal, NamedTuple

Header = tuple[bytes, bytes]
Spelling = Literal["x-forwarded", "forwarded"]

_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*+"?)++')
_PAIR = re.compile(r'(?<![A-Za-z])([A-Za-z]++)=("(?:[^"\\]|\\.)*"|[^;,\s"]*)')


class Hop(NamedTuple):
    """What one proxy says of whom it heard: an address, by which scheme, and which host was asked for."""

    address: str
    scheme: str = ""
    host: str = ""


class Proxies:
    """The proxies whose word counts.

    `trusted` are addresses and networks; `spelling` is how they tell it: they must overwrite or append to that header,
    for what a client writes into another passes them. `secure` are hosts that are reached over https alone.
    """

    def __init__(
        self, trusted: Iterable[str], *, spelling: Spelling = "x-forwarded", secure: Iterable[str] = ()
    ) -> None:
        self._networks = [ip_network(network, strict=False) for network in trusted]
        self._hops = _forwarded if spelling == "forwarded" else _x_forwarded
        self._secure = frozenset(host.lower() for host in secure)
        self.trusts = lru_cache(maxsize=1024)(self._trusts)

    def seen(self, scope: Mapping[str, Any]) -> Mapping[str, Any]:
        """`scope` with client, scheme and host as the client had them; as it is where no trusted proxy sent it."""
        client = scope.get("client")
        if client is not None and self.trusts(client[0]):
            hops = self._hops(scope["headers"])
            if hops:
                hidden = hops[-1]._replace(address=client[0])  # it tells no address, but perhaps the scheme
                scope = _told(scope, self._client(hops) or hidden)
        if scope["scheme"] == "http" and self._secure and _host_name(scope["headers"]) in self._secure:
            return {**scope, "scheme": "https"}
        return scope

    def _client(self, hops: Sequence[Hop]) -> Hop | None:
        """The last hop that no trusted proxy is: what stands before it, anybody may have written."""
        found = None
        for hop in reversed(hops):
            address = plain_address(hop.address)
            if address is None:
                break
            found = hop._replace(address=address)
            if not self.trusts(address):
                break
        return found

    def _trusts(self, address: str) -> bool:
        plain = plain_address(address)
        return plain is not None and any(ip_address(plain) in network for network in self._networks)


def plain_address(told: str) -> str | None:
    """The IP address in `told`, without port and brackets, IPv4 as such; None where there is none.

    >>> plain_address("192.0.2.1:4711"), plain_address("[2001:db8::1]:80"), plain_address("::ffff:192.0.2.1")
    ('192.0.2.1', '2001:db8::1', '192.0.2.1')
    """
    text = told.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _told(scope: Mapping[str, Any], hop: Hop) -> Mapping[str, Any]:
    headers = scope["headers"]
    if hop.host:
        headers = [*(header for header in headers if header[0] != b"host"), (b"host", hop.host.encode("latin-1"))]
    scheme = hop.scheme if hop.scheme in ("http", "https") else scope["scheme"]
    return {**scope, "client": (hop.address, 0), "scheme": scheme, "headers": headers}


def _x_forwarded(headers: Iterable[Header]) -> list[Hop]:
    """Each proxy adds whom it heard; scheme and host are those that the nearest one tells."""
    addresses, schemes, hosts = (
        _listed(headers, name) for name in (b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host")
    )
    scheme, host = schemes[-1].lower() if schemes else "", hosts[-1] if hosts else ""
    return [Hop(address, scheme, host) for address in addresses or [""]]


def _forwarded(headers: Iterable[Header]) -> list[Hop]:
    """RFC 7239: an element a proxy."""
    told = ",".join(value.decode("latin-1") for name, value in headers if name == b"forwarded")
    hops = []
    for element in _ELEMENT.findall(told):
        said = {name.lower(): _unquoted(value) for name, value in _PAIR.findall(element)}
        hops.append(Hop(said.get("for", ""), said.get("proto", "").lower(), said.get("host", "")))
    return hops


def _listed(headers: Iterable[Header], name: bytes) -> list[str]:
    told = ",".join(value.decode("latin-1") for header, value in headers if header == name)
    return [part.strip() for part in told.split(",")] if told else []


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _host_name(headers: Iterable[Header]) -> str:
    told = next((value for name, value in headers if name == b"host"), b"").decode("latin-1").lower()
    return told if told.endswith("]") else told.rpartition(":")[0] or told
