"""What the frame around every page shows: where one can go, what waits, how well the SLA is kept."""

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from ripeline.server import workspace
from ripeline.server.console import assets
from ripeline.server.log import queries

if TYPE_CHECKING:
    from ripeline.server.people.models import User

SLA_SPAN = timedelta(days=90)


class Place(msgspec.Struct, frozen=True):
    """A page of the navigation: the apps that belong to it light it up; `letter` follows G on the keyboard."""

    title: str | Promise
    icon: str
    view: str
    apps: tuple[str, ...]
    letter: str
    has_tab: bool = True  # else it stands in the phone's "More" sheet
    counts: bool = False
    opens_group: str | Promise = ""


PLACES = (
    Place(gettext_lazy("Inbox"), "inbox", "inbox:list", ("inbox",), "i", counts=True),
    Place(gettext_lazy("Leads"), "users", "leads:list", ("leads",), "l"),
    Place(
        gettext_lazy("Definition"), "file-check", "definitions:current", ("definitions",), "d",
        has_tab=False, opens_group=gettext_lazy("Agreement"),
    ),
    Place(
        gettext_lazy("Refused"), "shield-alert", "refused:list", ("refused",), "e",
        has_tab=False, opens_group=gettext_lazy("What comes in"),
    ),
    Place(
        gettext_lazy("Settings"), "settings", "people:settings", ("people", "imports", "sources"), "s", has_tab=False
    ),
)  # fmt: skip


class Item(msgspec.Struct, frozen=True):
    """A place as the template draws it for one request."""

    title: str
    icon: str
    url: str
    letter: str
    has_tab: bool
    counts: bool
    opens_group: str
    is_here: bool


class Sla(msgspec.Struct, frozen=True):
    """How many of the handed-over leads were answered in time."""

    percent: int
    sentence: str


class Bare:
    """The frame of a page nobody is signed in for; asks no database, so an error page can always be drawn."""

    theme = "system"
    single_keys = True
    live_url = ""
    has_script = False

    @property
    def has_font(self) -> bool:
        return assets.font_folder() is not None


class Shell(Bare):
    """The frame around a signed-in page; every question is asked only if the template reads it, and once."""

    has_script = True

    def __init__(self, request: HttpRequest, user: "User") -> None:
        self.theme = user.theme
        self.single_keys = user.single_keys
        # The page is told what changed since it was read, also while it was still on its way.
        self.live_url = f"/live?cursor={getattr(request, 'log_cursor', '')}"
        self._here = request.resolver_match.app_name if request.resolver_match else ""

    @cached_property
    def items(self) -> list[Item]:
        return [
            Item(
                str(p.title),
                p.icon,
                reverse(p.view),
                p.letter,
                p.has_tab,
                p.counts,
                str(p.opens_group),
                self._here in p.apps,
            )
            for p in PLACES
        ]

    @property
    def is_in_more(self) -> bool:
        return any(item.is_here and not item.has_tab for item in self.items)

    @cached_property
    def waiting(self) -> int:
        return queries.waiting_count()

    @cached_property
    def sla(self) -> Sla | None:
        now = timezone.now()
        kept = queries.sla_share(since=now - SLA_SPAN, now=now)
        if kept.share is None:
            return None
        due = kept.in_time + kept.late + kept.overdue
        sentence = ngettext(
            "%(kept)d of %(due)d lead was answered in time in the last 90 days.",
            "%(kept)d of %(due)d leads were answered in time in the last 90 days.",
            due,
        )
        return Sla(int(kept.share * 100), sentence % {"kept": kept.in_time, "due": due})

    @property
    def is_demo(self) -> bool:
        return bool(settings.CONFIGURATION.workspace.demo)

    @property
    def demo_command(self) -> str:
        return f"ripeline demo clear {workspace.current().folder.name}"


def shell(request: HttpRequest) -> dict[str, Any]:
    """The template's `shell`."""
    user: User | AnonymousUser = getattr(request, "user", None) or AnonymousUser()
    return {"shell": Bare() if isinstance(user, AnonymousUser) else Shell(request, user)}
