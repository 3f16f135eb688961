"""Sources as a Django app."""

from django.apps import AppConfig


class Sources(AppConfig):
    name = "ripeline.server.sources"
    label = "sources"
