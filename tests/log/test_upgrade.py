import sqlite3

import pytest
from django.core.management import call_command
from tests.log.desk import Desk
from tests.log.test_lifecycle import ANN

from ripeline.server.log import queries


def of_another_release(desk: Desk) -> None:
    """The states as a release would leave them whose fold differs: their first word names the program."""
    with sqlite3.connect(desk.workspace.folder / "data" / "ripeline.db") as db:
        db.execute("UPDATE state SET fold = CAST(zeroblob(8) || substr(fold, 9) AS BLOB) WHERE fold IS NOT NULL")
    db.close()


def test_the_migrations_make_the_tables_that_the_models_say(desk: Desk) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_a_state_of_another_release_is_folded_again_from_the_log(desk: Desk) -> None:
    desk.publish()
    desk.send(ANN, {"userId": "ann", "event": "Demo Requested"})
    of_another_release(desk)

    desk.clock.advance(minutes=1)
    desk.send({"userId": "ann", "event": "Page Viewed"})

    assert queries.leads().items[0].total == pytest.approx(45, abs=0.01)
    assert queries.leads().items[0].stage == "lead"
