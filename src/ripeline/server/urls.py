"""The pages of the console and the paths of its API. `asgi` answers ingest (`/v1`) and `/live` before Django does."""

from django.urls import include, path, register_converter

from ripeline.server.addresses import Id
from ripeline.server.console import errors, pages

register_converter(Id, "id")  # before the addresses of the apps are read

urlpatterns = [
    path("", pages.home, name="home"),
    path("favicon.ico", pages.favicon),
    path("", include("ripeline.server.people.urls")),
    path("settings/import/", include("ripeline.server.imports.urls")),
    path("settings/sources/", include("ripeline.server.sources.urls")),
    path("shell/", include("ripeline.server.console.urls")),
    path("inbox/", include("ripeline.server.inbox.urls")),
    path("leads/", include("ripeline.server.leads.urls")),
    path("accounts/", include("ripeline.server.leads.account_urls")),
    path("definition/", include("ripeline.server.definitions.urls")),
    path("refused/", include("ripeline.server.refused.urls")),
    path("api/v1/", include("ripeline.server.api.urls")),
]

handler400 = errors.unreadable
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
