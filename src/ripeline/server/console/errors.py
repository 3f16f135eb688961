"""Error pages in the look of the console: what did not happen, and what to do."""

from csp.utils import build_policy
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from ripeline.server.bounded import MOST
from ripeline.server.console.shell import Bare
from ripeline.server.ingest.answers import Answer, failure


def _asks_api(request: HttpRequest) -> bool:
    return _is_of_api(request.path_info)


def _is_of_api(path: str) -> bool:
    return path.startswith("/api/")


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Mostly a name the console was not told it has; says where to tell it."""
    host = request.META.get("HTTP_HOST", "") if isinstance(exception, DisallowedHost) else ""
    if _asks_api(request):
        return JsonResponse({"code": "unreadable", "message": "This request cannot be answered."}, status=400)
    return HttpResponse(render_to_string("400.html", {"shell": Bare(), "host": host}), status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _asks_api(request):
        return JsonResponse({"code": "forbidden", "message": "You may not do this."}, status=403)
    return render(request, "403.html", {"reason": str(exception)}, status=403)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token: mostly one left open while its owner signed out and in again."""
    return render(request, "403.html", {"is_stale": True}, status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _asks_api(request):
        return JsonResponse({"code": "not-found", "message": "There is nothing at this address."}, status=404)
    return render(request, "404.html", status=404)


def wrong_method(request: HttpRequest, *, allowed: str) -> HttpResponse:
    if _asks_api(request):
        told = {"code": "wrong-method", "message": f"This address answers {allowed}."}
        return JsonResponse(told, status=405, headers={"Allow": allowed})
    response = render(request, "405.html", status=405)
    response["Allow"] = allowed
    return response


def broken(request: HttpRequest) -> HttpResponse:
    """Our fault. Drawn without database and without the request's context, for these may be what broke."""
    if _asks_api(request):
        return JsonResponse(
            {"code": "broken", "message": "The server failed; nothing was changed. Try again."}, status=500
        )
    return HttpResponse(render_to_string("500.html", {"shell": Bare()}), status=500)


def too_large(path: str) -> Answer:
    """A body that was not read: there is no request, and no middleware that would add the policy."""
    if _is_of_api(path):
        return failure(413, "too-large", f"A body has at most {MOST:,} bytes.")
    page = render_to_string("413.html", {"shell": Bare()}).encode()
    policy = (b"content-security-policy", build_policy().encode())
    return Answer(413, page, (policy,), content_type=b"text/html; charset=utf-8")
