"""The agreement in force, and its earlier versions."""

from django.urls import path

from ripeline.server.definitions import pages

app_name = "definitions"
urlpatterns = [
    path("", pages.current, name="current"),
    path("<id:number>/", pages.earlier, name="version"),
    path("<id:number>/text/", pages.text, name="text"),
]
