"""The JSON API as a Django app."""

from django.apps import AppConfig


class Api(AppConfig):
    name = "ripeline.server.api"
    label = "api"
