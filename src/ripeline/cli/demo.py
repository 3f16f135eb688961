"""The demo company's workspace: filled by `init --demo`, accompanied by `serve`, deleted by `ripeline demo clear`."""

import gc
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event as Signal
from threading import Thread

import click
import msgspec

from ripeline.cli.init import Admin, Founded
from ripeline.cli.opening import done, now, workspace_in
from ripeline.cli.printing import fail, said_in_words, workspace
from ripeline.demo.company.decisions import Decision
from ripeline.demo.company.history import DEFINITION, history
from ripeline.demo.company.staff import SIGNED, STAFF
from ripeline.demo.company.targets import DAYS
from ripeline.demo.shop.server import Shop
from ripeline.demo.visitors import trickle
from ripeline.server.configuration import ConfigurationError, configuration
from ripeline.server.founding import FolderTakenError, found
from ripeline.server.log.commands import ImportHistory, NewKey, Publish, RecordedAct, Signature
from ripeline.server.workspace import Workspace, WorkspaceHeldError, locked
from ripeline.translation import counted, translated

SHOP_PORT = 8001
EVENTS_A_COMMAND = 50_000
Say = Callable[[str], object]


class Secrets(msgspec.Struct, frozen=True):
    """What a demo may keep readable: its shop's write key and its people's passwords."""

    write_key: str
    passwords: dict[str, str]


@click.group(name="demo")
def command() -> None:
    """The demo company's workspace."""


@command.command(name="clear")
@workspace
def clear(folder: Path) -> None:
    """Delete a demo workspace, whole. A workspace of your own is refused."""
    with said_in_words(ConfigurationError):
        demo = is_demo(folder)
    if not demo:
        fail(translated("{folder} is not a demo workspace: nothing was deleted", folder=folder))
    with said_in_words(WorkspaceHeldError, OSError), locked(folder):
        shutil.rmtree(folder.resolve())
    click.echo(translated("{folder} is gone.", folder=folder))


def is_demo(folder: Path) -> bool:
    return configuration(folder).workspace.demo


def secrets_of(folder: Path) -> Secrets:
    return msgspec.json.decode((folder / "data" / "demo.json").read_bytes(), type=Secrets)


# --- filling it ------------------------------------------------------------------------------------------------------


def founded_demo(folder: Path, *, end: datetime, say: Say | None) -> Founded:
    """Make `folder` the demo company's workspace, its history ending at `end`."""
    say = say or (lambda _line: None)
    with said_in_words(FolderTakenError, OSError):
        found(folder, definition=DEFINITION, demo=True)
    say(translated("Kestrel, the demo company, moves in: six months of visitors, leads and deals."))
    gc.disable()  # nothing of a history is dropped before the end: looking for what is costs a fifth of the time
    with workspace_in(folder) as workspace:
        begun = end - timedelta(days=DAYS + 1)
        passwords = staffed(begun)
        write = done(workspace, NewKey(kind="write", name="site", at=begun))
        api = done(workspace, NewKey(kind="api", name="api", at=begun))
        signatures = tuple(Signature(team=team, name=name) for team, name in SIGNED.items())
        done(workspace, Publish(text=DEFINITION.read_text("utf-8"), signatures=signatures, at=begun))
        lived(workspace, end, say)
    (folder / "data" / "demo.json").write_bytes(msgspec.json.encode(Secrets(write.secret, passwords)))
    administrator = next(colleague.email for colleague in STAFF if colleague.administers)
    return Founded(
        workspace=str(folder),
        write_key=write.secret,
        api_token=api.secret,
        admin=Admin(administrator, passwords[administrator]),
    )


def staffed(at: datetime) -> dict[str, str]:
    """Adds Kestrel's people; their passwords by e-mail."""
    from ripeline.server.people import actions

    passwords = {}
    for colleague in STAFF:
        _, passwords[colleague.email] = actions.add(
            email=colleague.email, name=colleague.name, team=colleague.team, administrator=colleague.administers, at=at
        )
    return passwords


def lived(workspace: Workspace, end: datetime, say: Say) -> None:
    """Imports the history part by part, each with the decisions of its time."""
    kestrel = history(end=end)
    said = 0
    for first in range(0, len(kestrel.events), EVENTS_A_COMMAND):
        part = kestrel.events[first : first + EVENTS_A_COMMAND]
        last = first + EVENTS_A_COMMAND >= len(kestrel.events)
        until = end if last else part[-1].occurred_at
        acts = [decision for decision in kestrel.decisions[said:] if decision.at <= until]
        said += len(acts)
        order = ImportHistory(events=part, acts=recorded(acts), end=end if last else None, as_lived=True)
        done(workspace, order)
        say(counted("{count} event", "{count} events", first + len(part)))


def recorded(decisions: Sequence[Decision]) -> list[RecordedAct]:
    return [
        RecordedAct(
            user_id=decision.lead,
            act=decision.act,
            at=decision.at,
            by=decision.by,
            reason=decision.reason,
            amount=decision.amount,
            currency="EUR" if decision.amount else "",
        )
        for decision in decisions
    ]


# --- while it is served ----------------------------------------------------------------------------------------------


@contextmanager
def accompanied(folder: Path, *, door: str, shop_port: int = SHOP_PORT) -> Iterator[list[str]]:
    """The shop and the live visitors, for as long as the server runs; gives the lines that tell of them."""
    secrets = secrets_of(folder)
    shop, stopped = opened_shop(shop_port, door, secrets.write_key), Signal()
    visitors = {"now": now, "stopped": stopped, "random": Random()}  # noqa: S311 - live visitors need no secrecy
    threads = [
        Thread(target=shop.serve_forever, name="shop", daemon=True),
        Thread(target=trickle, args=(door, secrets.write_key), kwargs=visitors, name="visitors", daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield [translated("Demo shop: {address}", address=shop.address), *logins(secrets)]
    finally:
        stopped.set()
        shop.shutdown()
        shop.server_close()


def opened_shop(port: int, door: str, write_key: str) -> Shop:
    """The shop on its port, or on any free one where that is taken."""
    try:
        return Shop(port, door=door, write_key=write_key, console=door)
    except OSError:
        return Shop(0, door=door, write_key=write_key, console=door)


def logins(secrets: Secrets) -> list[str]:
    width = max(len(email) for email in secrets.passwords)
    names = {colleague.email: f"{colleague.name}, {colleague.team}" for colleague in STAFF}
    return [
        translated("Demo logins:"),
        *(f"  {email:<{width}}  {password}  ({names[email]})" for email, password in secrets.passwords.items()),
    ]
