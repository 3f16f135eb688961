"""The inbox as a Django app."""

from django.apps import AppConfig


class Inbox(AppConfig):
    name = "ripeline.server.inbox"
    label = "inbox"
