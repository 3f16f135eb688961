"""`ripeline sources`, as a shell runs it, beside a running server too."""

from pathlib import Path

import pytest
from tests.cli.test_commands import ripeline
from tests.served import Served, run, serving

pytestmark = pytest.mark.slow


@pytest.fixture
def founded(tmp_path: Path) -> tuple[Path, str]:
    folder = tmp_path / "acme"
    return folder, run("init", folder)["write_key"]


def test_a_running_server_is_no_hindrance_and_both_forms_say_the_same(founded: tuple[Path, str]) -> None:
    folder, key = founded
    with serving(folder) as url:
        Served(url, key, {}, {}).send({"type": "page", "anonymousId": "a-1"}, {"type": "order"})

        said, [told] = ripeline("sources", folder).stdout, run("sources", folder)["sources"]

    assert "site\n  latest: Page Viewed of lead 1, " in said and ": 1 unknown-type" in said
    assert (told["name"], told["events"], told["last_hour"], told["last_lead"]) == ("site", 1, 1, 1)
    assert (told["refused"], told["stored"]) == ({"unknown-type": 1}, 1)
    assert told["lag_seconds"] >= 0


def test_counts_survive_the_end_of_a_server(founded: tuple[Path, str]) -> None:
    folder, key = founded
    with serving(folder) as url:
        Served(url, key, {}, {}).send({"type": "page", "anonymousId": "a-1"})

    assert run("sources", folder)["sources"][0]["last_hour"] == 1


def test_before_the_first_event_a_source_says_so(founded: tuple[Path, str]) -> None:
    assert ripeline("sources", founded[0]).stdout == "site\n  no event yet\n"
