"""What happens to every request: static files first, then the reader's language and clock."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import is_valid_path, reverse
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect
from whitenoise.base import StaticFile
from whitenoise.middleware import WhiteNoiseMiddleware

from ripeline.server.addresses import page_of
from ripeline.server.console.gathering import gather
from ripeline.translation import use_language

Answer = Callable[[HttpRequest], HttpResponse]


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # whitenoise ships no types
    """WhiteNoise over the gathered files.

    The files are small and Django's ASGI side cannot stream from a synchronous file, so each is answered whole.
    """

    def __init__(self, get_response: Answer) -> None:
        gather()
        super().__init__(get_response)

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        found = static_file.get_response(request.method, request.META)
        with found.file or BytesIO() as stream:
            response = HttpResponse(stream.read(), status=int(found.status))
        del response["content-type"]
        for name, value in found.headers:
            response[name] = value
        return response


class SignInRequired(LoginRequiredMiddleware):
    """Every page asks for a signed-in person, unless its view says otherwise (`login_not_required`).

    A fragment asked for after signing out elsewhere sends the whole page to the sign-in, instead of nesting it. Whoever
    sent a form is led back to the page it stood on: the form's own address mostly answers no GET.
    """

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseRedirect:
        is_fragment = getattr(request, "htmx", False)
        if request.method in ("GET", "HEAD") and not is_fragment:
            return super().handle_no_permission(request, view_func)
        told = {"next": _page_shown(request)} | ({} if request.method in ("GET", "HEAD") else {"unsaved": "1"})
        sign_in = f"{reverse(settings.LOGIN_URL)}?{urlencode(told)}"
        # A redirect that htmx follows, and a 200 for everybody else.
        onward: Any = HttpResponseClientRedirect(sign_in) if is_fragment else HttpResponseRedirect(sign_in)
        return onward  # type: ignore[no-any-return]  # htmx's is no redirect to mypy


def _page_shown(request: HttpRequest) -> str:
    """The page of ours on which a form or fragment stands, as far as the browser says; else the way home."""
    address = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    page = page_of(address)
    ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return page if ours and page and is_valid_path(page.partition("?")[0]) else "/"


def wrong_method_told(get_response: Answer) -> Answer:
    """Django's 405 is an empty page: somebody came back to the address of a form."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.content:
            return response
        from ripeline.server.console import errors  # draws with the shell, which comes with the queries

        return errors.wrong_method(request, allowed=response["Allow"])

    return answer


def language_and_time(get_response: Answer) -> Answer:
    """The language the signed-in person chose, else the browser's, in Django's texts and in ours; the time zone."""

    def answer(request: HttpRequest) -> HttpResponse:
        chosen = getattr(request.user, "language", "") or translation.get_language_from_request(request)
        with translation.override(chosen), timezone.override(ZoneInfo(settings.TIME_ZONE)):
            use_language(chosen)
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            response.headers.setdefault("Content-Language", chosen)
            return response

    return answer


def place_in_log(get_response: Answer) -> Answer:
    """Where the log was before a page reads anything of it: `shell` writes it down for the stream of changes.

    Taken later, what is committed between reading and drawing would be missed until the next change.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and not getattr(request, "htmx", False):
            from ripeline.server.log import queries  # with all explanations: more than a start should wait for

            request.log_cursor = queries.cursor()  # type: ignore[attr-defined]  # ours, for the shell
        return get_response(request)

    return answer


def kept_private(get_response: Answer) -> Answer:
    """Pages hold people's data: no cache but the reader's own keeps one, and asks again before it shows it."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True, no_cache=True)
        return response

    return answer
