"""The agreement in force, and its earlier versions."""

from django.urls import path

from ripeline.server.definitions import pages

app_name = "definitions"
urlpatterns = [
    path("", pages.current, name="current"),
    path("<int:number>/", pages.earlier, name="version"),
    path("<int:number>/text/", pages.text, name="text"),
]
