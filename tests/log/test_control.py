import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.log.desk import SIGNED, Desk
from tests.log.test_lifecycle import qualify

from ripeline.server import workspace
from ripeline.server.configuration import ConfigurationError
from ripeline.server.control import Asked, Control
from ripeline.server.log import queries
from ripeline.server.log.commands import Accept, Conflict, NewKey, NotADefinition, Publish, UnknownLead
from ripeline.server.workspace import NoWorkspaceError, WorkspaceHeldError, opened


@pytest.fixture
def control(desk: Desk) -> Iterator[Control]:
    control = Control(desk.workspace.folder, desk.workspace.submit)
    control.start()
    yield control
    control.close()


def test_who_opens_a_served_workspace_asks_its_server(desk: Desk, control: Control) -> None:
    with opened(desk.workspace.folder, now=desk.clock) as other:
        made = other.submit(NewKey(kind="write", name="site", at=desk.clock.now)).result()

        assert isinstance(other, Asked)
    assert desk.workspace.keys.find(made.secret, "write") is not None


def test_errors_come_over_the_line_as_they_are(desk: Desk, control: Control) -> None:
    desk.publish()
    lead = qualify(desk)
    desk.do(Accept(lead=lead, by="bob", at=desk.clock.now))
    other = Asked(desk.workspace.folder)

    conflict = other.submit(Accept(lead=lead, by="cyd", at=desk.clock.now)).exception()
    broken = other.submit(Publish(text="definition:", signatures=SIGNED, at=desk.clock.now)).exception()
    unknown = other.submit(Accept(lead=404, by="cyd", at=desk.clock.now)).exception()

    assert isinstance(conflict, Conflict) and (conflict.who, conflict.when) == ("bob", desk.clock.now)
    assert str(conflict) == ("bob decided first, on 2026-03-02 at 09:00 UTC: the lead was accepted. It is now sal.")
    assert isinstance(broken, NotADefinition) and broken.problems
    assert isinstance(unknown, UnknownLead) and str(unknown) == "There is no lead 404."


def test_what_is_no_command_gets_an_answer_too(desk: Desk, control: Control) -> None:
    with Asked(desk.workspace.folder)._connected() as line, line.makefile("rwb") as stream:
        stream.write(b"launch\n")
        stream.flush()
        answer = stream.readline()

    assert b'"not-a-command"' in answer


def test_the_socket_of_a_dead_server_is_in_nobodys_way(folder: Path, desk: Desk) -> None:
    (folder / "data/control.sock").touch()

    control = Control(folder, desk.workspace.submit)
    control.start()

    assert Asked(folder).answers()
    control.close()


def test_a_workspace_that_another_process_holds_without_answering_is_not_opened(desk: Desk) -> None:
    with (
        pytest.raises(WorkspaceHeldError, match=f"is open in process {os.getpid()}"),
        opened(desk.workspace.folder, now=desk.clock),
    ):
        pass


def test_a_folder_that_is_no_workspace_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(NoWorkspaceError, match="ripeline init"), opened(tmp_path, now=lambda: None):  # type: ignore[arg-type,return-value] # never asked
        pass


def test_an_unknown_setting_is_told(folder: Path) -> None:
    (folder / "ripeline.toml").write_text('[mail]\nsmpt = "mail.ours.example"\n')

    with pytest.raises(ConfigurationError, match=r"ripeline\.toml: .*`smpt`"), opened(folder, now=lambda: None):  # type: ignore[arg-type,return-value] # never asked
        pass


def test_the_current_workspace_is_the_open_one(folder: Path, desk: Desk) -> None:
    assert workspace.current() is desk.workspace
    workspace.make_current(None)

    with pytest.raises(LookupError):
        workspace.current()


def test_django_only_reads_the_log(desk: Desk) -> None:
    from django.db import OperationalError

    from ripeline.server.log.models import Rep

    desk.hire("bob")

    with pytest.raises(OperationalError, match="readonly"):
        Rep.objects.create(key="eve", name="Eve", email="eve@ours.example")
    assert [rep.key for rep in queries.reps()] == ["bob"]
