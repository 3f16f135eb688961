"""Imports."""

from django.urls import path

from ripeline.server.imports import pages

app_name = "imports"
urlpatterns = [
    path("", pages.imports, name="list"),
    path("<id:id>/", pages.one, name="one"),
    path("<id:id>/go-on/", pages.go_on, name="go-on"),
    path("<id:id>/stop/", pages.stop, name="stop"),
    path("<id:id>/remove/", pages.remove, name="remove"),
    path("<id:id>/refused.csv", pages.refused, name="refused"),
]
