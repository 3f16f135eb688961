"""The agreement as both teams read it: sentences with their points, who signed, which versions there were."""

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ripeline.definition.wording import Line, agreement
from ripeline.server import workspace
from ripeline.server.log import queries
from ripeline.server.log.commands import TEAMS
from ripeline.server.log.queries import Version


class ReadLine(msgspec.Struct, frozen=True):
    """A sentence of the agreement as the page sets it; `tone` is good for a gain, bad for a loss."""

    figure: str
    text: str
    tone: str


@require_safe
def current(request: HttpRequest) -> HttpResponse:
    version = queries.current_version()
    if version is None:
        return render(request, "definitions/none.html", {"folder": workspace.current().folder.name})
    return _reading(request, version, in_force=True)


@require_safe
def earlier(request: HttpRequest, number: int) -> HttpResponse:
    in_force = queries.current_version()
    return _reading(request, _version(number), in_force=in_force is not None and in_force.number == number)


@require_safe
def text(request: HttpRequest, number: int) -> HttpResponse:
    """The file as it was published."""
    version = _version(number)
    response = HttpResponse(version.text, content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'inline; filename="{version.key}-{number}.yaml"'
    return response


def _version(number: int) -> Version:
    version = queries.version(number) if number < 2**31 else None
    if version is None:
        raise Http404
    return version


def read(line: Line) -> ReadLine:
    """A line with its figure set apart, where the sentence begins with it as it does in most languages.

    >>> read(Line("demo", "+30 for each “Demo Requested”", 30.0))
    ReadLine(figure='+30', text='for each “Demo Requested”', tone='good')
    >>> read(Line("fit", "Fit counts up to 60"))
    ReadLine(figure='', text='Fit counts up to 60', tone='')
    """
    figure, _, text = line.sentence.partition(" ")
    if line.points is None or figure[:1] not in "+−" or not text:
        return ReadLine("", line.sentence, "")
    return ReadLine(figure, text, "bad" if line.points < 0 else "good")


def _reading(request: HttpRequest, version: Version, *, in_force: bool) -> HttpResponse:
    definition = queries.definition(version.number)
    sections = agreement(definition) if definition is not None else ()
    signed = {signature.team: signature.name for signature in version.signatures}
    context = {
        "version": version,
        "in_force": in_force,
        "is_unreadable": definition is None,
        "sections": [(part.title, [read(line) for line in part.lines]) for part in sections],
        "signatures": [(team, signed.get(team, "")) for team in TEAMS],
        "versions": queries.versions(),
    }
    return render(request, "definitions/definition.html", context)
