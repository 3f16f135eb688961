"""Definitions as a Django app."""

from django.apps import AppConfig


class Definitions(AppConfig):
    name = "ripeline.server.definitions"
    label = "definitions"
