"""Leads as a Django app."""

from django.apps import AppConfig


class Leads(AppConfig):
    name = "ripeline.server.leads"
    label = "leads"
