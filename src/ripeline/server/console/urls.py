"""Fragments of the shell itself."""

from django.urls import path

from ripeline.server.console import pages

app_name = "console"
urlpatterns = [
    path("counts/", pages.counts, name="counts"),
    path("search/", pages.search, name="search"),
]
