"""Where events come from."""

from django.urls import path

from ripeline.server.sources import pages

app_name = "sources"
urlpatterns = [
    path("", pages.everything, name="sources"),
    path("<id:id>/", pages.one, name="source"),
    path("<id:id>/status/", pages.status, name="status"),
    path("<id:id>/demand/", pages.demand, name="demand"),
]
