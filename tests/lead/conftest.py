"""Django with its own settings, so that texts are translated and formatted as on a page."""

import os

import django
import pytest


@pytest.fixture(scope="session", autouse=True)
def texts(tmp_path_factory: pytest.TempPathFactory) -> None:
    os.environ.setdefault("RIPELINE_WORKSPACE", str(tmp_path_factory.mktemp("texts")))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ripeline.server.settings")
    django.setup()
