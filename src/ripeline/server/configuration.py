"""`ripeline.toml`: what the owner of a workspace decides. Every setting has a default; an unknown one is told."""

import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal

import msgspec

from ripeline.definition.zones import did_you_mean_zone, is_zone
from ripeline.server.ingest.signatures import Scheme, standard_key
from ripeline.translation import translated

_MANY = 1e12


class ConfigurationError(Exception):
    """`ripeline.toml` cannot be read; the text says what and where."""


class Smtp(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mail server. `security`: starttls (usually port 587), tls (465), or none on a machine of one's own."""

    host: str
    port: int = 587
    user: str = ""
    password: str = ""
    security: Literal["starttls", "tls", "none"] = "starttls"


class Mail(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How mail leaves: by `smtp`, by a `provider` that django-anymail knows with its `options`, else into a folder."""

    sender: str = "Ripeline <ripeline@localhost>"
    smtp: Smtp | None = None
    provider: str = ""
    options: dict[str, Any] = {}


class General(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`demo`: everything in it is the demo company's. `address`: where people open the console, for links in mails."""

    demo: bool = False
    address: str = ""


class Console(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The console's own host names, whether it is reached over https, the time zone of what it shows, and how large a
    file may be that is uploaded there.
    """

    hosts: list[str] = []
    https: bool = False
    timezone: str = "UTC"
    largest_upload_mb: int = 1024


class Server(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The proxies before the server whose word on the client counts, and the header in which they give it."""

    trusted_proxies: list[str] = []
    proxy_header: Literal["x-forwarded", "forwarded"] = "x-forwarded"


class Ingest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much one write key may send: messages a second on the average (0: any), and at once after a quiet time."""

    messages_per_second: float = 10_000.0
    burst: float = 600_000.0


class Webhook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How requests to `/v1/in/NAME` are signed, in the place of a write key; the secret is shared with their sender."""

    secret: str
    signature: Scheme = "standard-webhooks"


class Configuration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    workspace: General = General()
    server: Server = Server()
    console: Console = Console()
    ingest: Ingest = Ingest()
    mail: Mail = Mail()
    webhooks: dict[str, Webhook] = msgspec.field(name="in", default_factory=dict)


def configuration(folder: Path) -> Configuration:
    """What `ripeline.toml` in `folder` says; the defaults where there is none. Raises ConfigurationError."""
    path = folder / "ripeline.toml"
    try:
        text = path.read_text("utf-8") if path.is_file() else ""
        found = msgspec.convert(tomllib.loads(text), Configuration)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise ConfigurationError(translated("{path}: {error}", path=path, error=error)) from error
    faults = list(_faults(found))
    if faults:
        raise ConfigurationError("\n".join(translated("{path}: {error}", path=path, error=fault) for fault in faults))
    return found


def _faults(found: Configuration) -> Iterator[str]:
    """What can be read and cannot be meant: found here, it does not wait for the first page or the first mail."""
    if found.workspace.address and not found.workspace.address.startswith(("http://", "https://")):
        yield translated("workspace.address begins with https://, found {found}", found=found.workspace.address)
    yield from _faults_of_the_door(found)
    for host in found.console.hosts:
        if not host or "/" in host or (":" in host and not host.startswith("[")):
            yield translated(
                "console.hosts: a host is a name alone, as in leads.example.com, found {found}", found=host
            )
    if not is_zone(found.console.timezone):
        told = {"found": found.console.timezone, "hint": did_you_mean_zone(found.console.timezone)}
        yield translated("console.timezone: no such time zone, found {found}; {hint}", **told)
    if found.mail.provider and not _is_installed(f"anymail.backends.{found.mail.provider}"):
        yield translated(
            "mail.provider: django-anymail is not installed, or does not know {found}", found=found.mail.provider
        )


def _faults_of_the_door(found: Configuration) -> Iterator[str]:
    for proxy in found.server.trusted_proxies:
        if not _is_network(proxy):
            yield translated(
                "server.trusted_proxies: an address or a network, as in 10.0.0.0/8, found {found}", found=proxy
            )
    if not 0 <= found.ingest.messages_per_second < _MANY:
        told_rate = found.ingest.messages_per_second
        yield translated("ingest.messages_per_second is a number from 0 on, found {found}", found=told_rate)
    if not 1 <= found.ingest.burst < _MANY:
        yield translated("ingest.burst is a number from 1 on, found {found}", found=found.ingest.burst)
    for name, webhook in found.webhooks.items():
        if not _has_secret(webhook):
            yield translated("in.{name}.secret: a secret of Standard Webhooks is `whsec_` and base64", name=name)


def _has_secret(webhook: Webhook) -> bool:
    return bool(webhook.secret) and (webhook.signature != "standard-webhooks" or _is_standard(webhook.secret))


def _is_network(told: str) -> bool:
    try:
        ip_network(told, strict=False)
    except ValueError:
        return False
    return True


def _is_standard(secret: str) -> bool:
    try:
        return bool(standard_key(secret))
    except ValueError:
        return False


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):
        return False
