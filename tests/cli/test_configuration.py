"""What an owner writes into ripeline.toml is read, or said to be wrong before anything starts."""

from pathlib import Path

import pytest

from ripeline.server.configuration import ConfigurationError, configuration


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            '[console]\ntimezone = "Europe/Warsow"',
            "no such time zone, found Europe/Warsow; did you mean `Europe/Warsaw`?",
        ),
        ('[console]\nhosts = ["https://leads.example.com"]', "a host is a name alone"),
        ('[workspace]\naddress = "leads.example.com"', "workspace.address begins with https://"),
        ('[mail]\nprovider = "pigeon"', "django-anymail is not installed, or does not know pigeon"),
        ("[console]\ntimezone = 5", "Expected `str`, got `int` - at `$.console.timezone`"),
        ("[workspace", "Expected ']'"),
        ('[server]\ntrusted_proxies = ["nginx"]', "an address or a network, as in 10.0.0.0/8, found nginx"),
        ('[server]\nproxy_header = "x-real-ip"', "Invalid enum value 'x-real-ip'"),
        ("[ingest]\nmessages_per_second = -1", "messages_per_second is a number from 0 on, found -1"),
        ("[ingest]\nmessages_per_second = nan", "messages_per_second is a number from 0 on, found nan"),
        ("[ingest]\nburst = 0", "ingest.burst is a number from 1 on, found 0"),
        ('[in.crm]\nsecret = "whsec_*"', "in.crm.secret: a secret of Standard Webhooks is `whsec_` and base64"),
        ('[in.zoom]\nsecret = ""\nsignature = "zoom"', "in.zoom.secret"),
        ('[in.crm]\nsecret = "x"\nsignature = "none"', "Invalid enum value 'none' - at `$.in[...].signature`"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_place(tmp_path: Path, written: str, told: str) -> None:
    (tmp_path / "ripeline.toml").write_text(written)

    with pytest.raises(ConfigurationError) as refused:
        configuration(tmp_path)

    assert str(refused.value).startswith(f"{tmp_path / 'ripeline.toml'}: ")
    assert told in str(refused.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "ripeline.toml").write_text('[console]\ntimezone = "nowhere"\nhosts = ["a/b"]')

    with pytest.raises(ConfigurationError) as refused:
        configuration(tmp_path)

    assert len(str(refused.value).splitlines()) == 2


def test_every_setting_has_a_default(tmp_path: Path) -> None:
    (tmp_path / "ripeline.toml").write_text("")

    assert configuration(tmp_path).console.timezone == "UTC"
