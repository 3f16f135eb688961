"""Imports as a Django app."""

from django.apps import AppConfig


class Imports(AppConfig):
    name = "ripeline.server.imports"
    label = "imports"
