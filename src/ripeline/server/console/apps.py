"""The console as a Django app."""

from django.apps import AppConfig


class Console(AppConfig):
    name = "ripeline.server.console"
    label = "console"
