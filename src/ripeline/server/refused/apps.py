"""Refused events as a Django app."""

from django.apps import AppConfig


class RefusedEvents(AppConfig):
    name = "ripeline.server.refused"
    label = "refused"
