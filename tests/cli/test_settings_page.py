from pathlib import Path

import msgspec
import pytest

from ripeline.server.configuration import Configuration, Console, General, Ingest, Mail, Server, Smtp, Webhook

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"
SETTINGS = [
    field.name
    for part in (Configuration, General, Server, Console, Ingest, Mail, Smtp, Webhook)
    for field in msgspec.structs.fields(part)
]


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_documented(setting: str) -> None:
    assert setting in PAGE.read_text("utf-8")
