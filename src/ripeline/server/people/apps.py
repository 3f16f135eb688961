"""People as a Django app."""

from django.apps import AppConfig


class People(AppConfig):
    name = "ripeline.server.people"
    label = "people"
