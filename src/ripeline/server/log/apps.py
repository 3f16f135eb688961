"""The log as a Django app: Django migrates its tables and reads them, the writer alone writes."""

from django.apps import AppConfig


class Log(AppConfig):
    name = "ripeline.server.log"
    label = "log"
