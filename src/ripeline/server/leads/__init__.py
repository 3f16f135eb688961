"""Everybody who came: the list, and each lead's page."""
