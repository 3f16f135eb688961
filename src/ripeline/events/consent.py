"""What a message says its person agreed to: the forms of Segment, RudderStack, and our own for forms and programs."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec

from ripeline.events.names import LONGEST_NAME, folded
from ripeline.events.skew import told_instant

EVERYTHING = "*"  # the purpose of a withdrawal that names none
# What a consent manager sends when somebody has chosen: Segment's wrappers, RudderStack's `consent` call.
STATEMENTS = frozenset(
    folded(name)
    for name in ("Segment Consent Preference Updated", "Segment Consent Preference", "Consent Management Interaction")
)
IN_CONTEXT = ("consent", "consentManagement")
_YES = frozenset(("true", "yes", "given", "granted", "allowed", "1"))
_NO = frozenset(("false", "no", "withdrawn", "denied", "refused", "0"))
_MEMBERS = frozenset(("given", "purpose"))


class Consent(msgspec.Struct, frozen=True, gc=False):
    """Consent given or withheld for one purpose, as its sender calls it.

    `wording` is what the person was shown; `at` when they chose, where that was before the event. `stated` says that
    the event is sent for the sake of the choice; else the choice merely stands beside what happened, as consent
    managers put it on every event.
    """

    purpose: str
    given: bool
    wording: str = ""
    at: datetime | None = None
    stated: bool = False


def consents(
    kind: str, name: str, *, context: Mapping[str, Any], properties: Mapping[str, Any], traits: Mapping[str, Any]
) -> tuple[Consent, ...]:
    """All that a message says of consent, each purpose with one value: who says yes and no at once says no.

    >>> stamp = {"consent": {"categoryPreferences": {"Analytics": True, "Advertising": False}}}
    >>> [(one.purpose, one.given) for one in consents("page", "", context=stamp, properties={}, traits={})]
    [('Analytics', True), ('Advertising', False)]
    >>> form = {"consent": {"purpose": "newsletter", "given": True, "wording": "Send me news", "at": "2026-03-01"}}
    >>> consents("identify", "", context={}, properties={}, traits=form)[0].wording
    'Send me news'
    """
    chosen = kind == "track" and folded(name) in STATEMENTS
    found: dict[tuple[str, bool], Consent] = {}
    for told in _told(kind, context=context, properties=properties, traits=traits, chosen=chosen):
        key = (folded(told.purpose), told.stated)
        before = found.get(key)
        if told.given and told.purpose == EVERYTHING:
            continue  # consent to everything at once is none
        if before is None or (before.given and not told.given):
            found[key] = told
    return tuple(found.values())


def is_own_form(told: Any) -> bool:
    """Whether a trait or property called `consent` is a statement in our form, and no fact about the person."""
    members = told if isinstance(told, list) else [told]
    return bool(members) and all(isinstance(one, dict) and not _MEMBERS.isdisjoint(one) for one in members)


def _told(
    kind: str, *, context: Mapping[str, Any], properties: Mapping[str, Any], traits: Mapping[str, Any], chosen: bool
) -> Iterator[Consent]:
    consent = context.get("consent")
    if isinstance(consent, dict):
        yield from _by_category(consent.get("categoryPreferences"), stated=chosen)
        yield from _own(consent, stated=chosen)
    elif isinstance(consent, list):
        yield from _own(consent, stated=chosen)
    managed = context.get("consentManagement")
    if isinstance(managed, dict):
        for ids, given in (("allowedConsentIds", True), ("deniedConsentIds", False)):
            yield from (Consent(one, given, stated=chosen) for one in _names(managed.get(ids)))
    yield from _own(traits.get("consent"), stated=kind == "identify")
    yield from _own(properties.get("consent"), stated=kind == "track")


def _by_category(preferences: Any, *, stated: bool) -> Iterator[Consent]:
    """Segment's form: a yes or no by the category's id."""
    for category, told in preferences.items() if isinstance(preferences, dict) else ():
        given = _yes_or_no(told)
        if given is not None and _is_name(category):
            yield Consent(category, given, stated=stated)


def _own(told: Any, *, stated: bool) -> Iterator[Consent]:
    """Our form: `{purpose, given, wording, at}`, or a list of them; a no without a purpose is one to everything."""
    for one in told if isinstance(told, list) else [told]:
        given = _yes_or_no(one.get("given")) if isinstance(one, dict) else None
        if given is None:
            continue
        wording, at = one.get("wording"), _instant(one.get("at"))
        shown = wording if isinstance(wording, str) else ""
        for purpose in _names(one.get("purpose")) or [EVERYTHING]:
            yield Consent(purpose, given, shown, at, stated)


def _names(told: Any) -> list[str]:
    """Ids as a text, a list of texts, or the keys of a mapping (OneTrust's ids with their titles)."""
    members: Iterable[Any] = [told] if isinstance(told, str) else told if isinstance(told, (list, dict)) else ()
    return [one for one in members if _is_name(one)]


def _is_name(told: Any) -> bool:
    return isinstance(told, str) and bool(folded(told)) and len(told) <= LONGEST_NAME


def _yes_or_no(told: Any) -> bool | None:
    if isinstance(told, bool):
        return told
    word = str(told).strip().lower() if isinstance(told, (str, int)) else ""
    return True if word in _YES else False if word in _NO else None


def _instant(told: Any) -> datetime | None:
    if isinstance(told, (str, int, float)):
        with suppress(ValueError, OverflowError):
            return told_instant(told)
    return None
