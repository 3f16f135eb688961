"""Who a lead is: the facts, those the definition asks for and nobody stated yet, ways to reach them, joined ids."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import quote

import msgspec
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ripeline.criteria.condition import Condition
from ripeline.criteria.words import fact_name
from ripeline.definition.model import Definition
from ripeline.events.derived import READ_FROM
from ripeline.events.event import Event
from ripeline.events.names import folded
from ripeline.server.log.queries import IdentityRecord, LeadRecord, MergeRecord
from ripeline.server.times import moment

_FIRST = ("email", "phone", "title", "company")
_IN_THE_NAME = {"name", "firstname", "lastname"}
_DERIVED = {*READ_FROM, "company.name"} - {"company", "companydomain"}  # follow from a fact that is shown
_TELLING = {"freemail", "disposablemail"}  # worth a line where they are true
SHOWN = 14


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the profile."""

    title: str
    words: str
    is_unknown: bool = False


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A way of contact or a kind of id: an icon, words, perhaps a link and details below."""

    icon: str
    words: str
    link: str = ""
    tone: str = ""
    details: list[str] = []


def facts(
    known: Mapping[str, Any], definition: Definition | None, events: Iterable[Event], *, first_touch: str = ""
) -> list[Fact]:
    """What is known (by folded field) in the order of interest, and as unknown what the definition reads besides."""
    spelled = _spelling(definition, events)
    asked = list(_asked(definition))
    order = list(dict.fromkeys([*_FIRST, *(folded(field) for field in asked), *sorted(known)]))
    shown = [
        Fact(title=_titled(spelled.get(field, field)), words=words(known.get(field)), is_unknown=not _has(known, field))
        for field in order
        if _is_shown(field, known, asked)
    ]
    return [*shown, Fact(title=_("First touch"), words=first_touch)] if first_touch else shown


def lines(known: Mapping[str, Any], *, without: Iterable[str] = ()) -> list[Fact]:
    """All that is known, by title; for an account, of which no definition asks anything."""
    told = sorted(field for field in known if _has(known, field) and field not in without)
    return [Fact(title=_titled(field), words=words(known[field])) for field in told]


def words(value: object) -> str:
    """A fact's value as people read it.

    >>> words(["new", "wholesale"]), words(430), words("Head of Sales")
    ('new, wholesale', '430', 'Head of Sales')
    """
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | tuple):
        return ", ".join(words(member) for member in value)
    if isinstance(value, float):
        return f"{value:g}" if abs(value) < 1e15 else str(value)
    return "" if value is None else str(value)


def contact(lead: LeadRecord) -> list[Line]:
    """The ways to reach a lead. A visitor states them: what is no address or number is shown, and leads nowhere."""
    mail = [Line(icon="mail", words=lead.email, link=_mail_link(lead.email))] if lead.email else []
    dialled = str(lead.facts.get("phonenumber") or lead.phone)
    phone = [Line(icon="phone", words=lead.phone, link=_phone_link(dialled))] if lead.phone else []
    return [*mail, *phone, *_consent(lead.facts)]


def _mail_link(address: str) -> str:
    """Quoted, for behind a `?` a link names further recipients and the text of the mail."""
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return f"mailto:{quote(address, safe='@')}"


_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{2,24}")


def _phone_link(number: str) -> str:
    return f"tel:{re.sub('[^0-9+]', '', number)}" if _PHONE.fullmatch(number.strip()) else ""


def _consent(known: Mapping[str, Any]) -> Iterator[Line]:
    """What somebody agreed to or refused, where a fact says so: `consent`, `consent.email`, `marketing_consent`…"""
    for field, value in known.items():
        if "consent" in field or "optin" in field:
            is_given = value is True or (isinstance(value, str) and value.casefold() in _GIVEN)
            title = _titled(field)
            if is_given:
                yield Line(icon="shield-check", words=_("%(consent)s: given") % {"consent": title}, tone="good")
            else:
                stated = {"consent": title, "value": words(value)}
                yield Line(icon="shield-x", words=_("%(consent)s: %(value)s") % stated)


_GIVEN = {"yes", "true", "granted", "given", "1"}
_KIND_ICONS = {"user": "user-check", "external": "link", "email": "mail", "anonymous": "monitor-smartphone"}


def identity(ids: Sequence[IdentityRecord], merges: Sequence[MergeRecord], *, now: datetime) -> list[Line]:
    """The ids that were joined to one lead, a line a kind."""
    ordered = sorted(ids, key=lambda id: (list(_KIND_ICONS).index(id.kind) if id.kind in _KIND_ICONS else 9, id.value))
    lines = []
    for kind, group in groupby(ordered, key=lambda id: id.kind):
        of_kind = list(group)
        details = [_id_words(id, now=now) for id in of_kind[:5]]
        if len(of_kind) > 5:
            more = len(of_kind) - 5
            details.append(ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more})
        lines.append(Line(icon=_KIND_ICONS.get(kind, "link"), words=_kind_words(kind, len(of_kind)), details=details))
    if merges:
        text = ngettext("%(count)s earlier lead joined", "%(count)s earlier leads joined", len(merges))
        details = [f"#{merge.lead}, {moment(merge.merged_at, now=now)}" for merge in merges[-5:]]
        lines.append(Line(icon="merge", words=text % {"count": len(merges)}, details=details))
    return lines


def _kind_words(kind: str, count: int) -> str:
    text = {
        "user": ngettext("%(count)s user id", "%(count)s user ids", count),
        "email": ngettext("%(count)s e-mail address", "%(count)s e-mail addresses", count),
        "anonymous": ngettext("%(count)s browser or device", "%(count)s browsers or devices", count),
    }.get(kind, ngettext("%(count)s further id", "%(count)s further ids", count))
    return text % {"count": count}


def _id_words(id: IdentityRecord, *, now: datetime) -> str:
    if id.since and id.until:
        span = {"since": moment(id.since, now=now), "until": moment(id.until, now=now)}
        return _("%(id)s, from %(since)s to %(until)s") % {"id": id.value, **span}
    if id.until:
        return _("%(id)s, until %(until)s") % {"id": id.value, "until": moment(id.until, now=now)}
    if id.since:
        return _("%(id)s, since %(since)s") % {"id": id.value, "since": moment(id.since, now=now)}
    return id.value


def _asked(definition: Definition | None) -> Iterator[str]:
    """The fields that the definition reads of a lead, as it spells them."""
    if definition is None:
        return
    scores = {"total", *(group.key for group in definition.groups)}
    conditions: list[Condition | None] = [definition.minimum_profile, definition.mql.when]
    conditions += [criterion.when for criterion in definition.criteria if criterion.on is None]
    conditions += [exclusion.when for exclusion in definition.excluded]
    for condition in conditions:
        if condition is not None:
            yield from (field for field in condition.fields() if field not in scores)


def _spelling(definition: Definition | None, events: Iterable[Event]) -> dict[str, str]:
    """By folded field, the way it is spelled: the definition's, else the senders'."""
    sent = {folded(field): field for event in events for field in event.facts}
    return {**sent, **{folded(field): field for field in _asked(definition)}}


def _titled(field: str) -> str:
    text = fact_name(field)
    return text[:1].upper() + text[1:]


def _has(known: Mapping[str, Any], field: str) -> bool:
    return known.get(field) not in (None, "", [])


def _is_shown(field: str, known: Mapping[str, Any], asked: list[str]) -> bool:
    is_asked = field in {folded(one) for one in asked}
    if _has(known, field):
        if field in _DERIVED:
            return known[field] is True if field in _TELLING else is_asked and field != "emaildomain"
        return field not in _IN_THE_NAME
    # What is read out of another fact is no gap of its own: that one is.
    return field in _FIRST or (is_asked and field not in READ_FROM)
