"""`ripeline refused`: what the door could not take, mended and replayed from a terminal."""

from pathlib import Path
from typing import Literal

import click

from ripeline.cli.opening import done, now, workspace_in
from ripeline.cli.printing import as_json, existing, fail, print_json, said_in_words, workspace
from ripeline.events.reason import Reason, explained
from ripeline.server.log.commands import CommandError, Resume
from ripeline.server.workspace import Workspace
from ripeline.translation import counted, translated

by = click.option("--by", default="cli", show_default=True, help="Who does it, as the record will say.")
source = click.option("--source", default="", help="Only those of this source.")
reason = click.option("--reason", type=click.Choice([one.value for one in Reason]), help="Only those of this reason.")


@click.group(name="refused")
@workspace
@click.pass_context
def command(context: click.Context, folder: Path) -> None:
    """Look at refused events, replay them as they came or mended, and discard them. A running server is asked."""
    context.obj = folder


@command.command(name="list")
@as_json
@click.pass_obj
def list_(folder: Path, as_json: bool) -> None:
    """How many wait, by reason and source, with the newest of each list."""
    with workspace_in(folder):
        from ripeline.server.log import queries

        counts = queries.refused_counts(queries.RefusedWish(settled_as=""))
    if as_json:
        print_json(counts)
        return
    for one in counts:
        meaning = explained(Reason(one.reason)) if one.reason in set(Reason) else ""
        click.echo(f"{one.count:>8}  {one.reason}  {one.source}  {one.latest_at:%Y-%m-%d %H:%M}  {meaning}")
    if not counts:
        click.echo(translated("Nothing waits to be mended."))


@command.command(name="show")
@click.argument("id", type=int)
@click.pass_obj
def show(folder: Path, id: int) -> None:
    """Print the bytes of one as they came, to be mended in an editor; why it was refused goes to the error output."""
    with workspace_in(folder):
        from ripeline.server.log import queries

        found = queries.refused_one(id)
    if found is None:
        fail(translated("There is no refused event {id}.", id=id))
    click.echo(f"{found.reason}: {found.detail}", err=True)
    click.echo(found.body, nl=False)


@command.command(name="replay")
@click.argument("id", type=int, required=False)
@click.option("--body", type=existing, help="The mended message, in the place of the bytes that came.")
@source
@reason
@by
@as_json
@click.pass_obj
def replay(
    folder: Path, id: int | None, body: Path | None, *, source: str, reason: str | None, by: str, as_json: bool
) -> None:
    """Read one again, or all of a source and a reason as they came. What is refused again stays; exit 1 for one."""
    with workspace_in(folder) as workspace:
        if id is None:
            _resume(workspace, "replay", source=source, reason=reason or "", by=by, as_json=as_json)
            return
        from ripeline.server.log import queries
        from ripeline.server.refused import actions

        found = queries.refused_one(id)
        if found is None:
            fail(translated("There is no refused event {id}.", id=id))
        try:
            with said_in_words(CommandError):
                settled = actions.replay(found, body.read_bytes() if body else found.body, by=by, at=now())
        except actions.StillRefused as still:
            fail("\n".join(f"{one.reason}: {one.detail}" for one in still.refused[:10]))
    if as_json:
        print_json(settled)
        return
    click.echo(counted("{count} event is stored.", "{count} events are stored.", settled.stored))


@command.command(name="discard")
@click.argument("id", type=int, required=False)
@source
@reason
@by
@as_json
@click.pass_obj
def discard(folder: Path, id: int | None, *, source: str, reason: str | None, by: str, as_json: bool) -> None:
    """Leave one as it is, or all of a source and a reason. They stay as a record and can still be replayed."""
    if id is None and not (source or reason):
        raise click.UsageError(translated("Name an ID, a --source or a --reason."))
    with workspace_in(folder) as workspace:
        if id is None:
            _resume(workspace, "discard", source=source, reason=reason or "", by=by, as_json=as_json)
            return
        from ripeline.server.refused import actions

        settled = actions.discard(id, by=by, at=now())
    if as_json:
        print_json(settled)
        return
    click.echo(counted("{count} is discarded.", "{count} are discarded.", settled.settled))


def _resume(
    workspace: Workspace, act: Literal["replay", "discard"], *, source: str, reason: str, by: str, as_json: bool
) -> None:
    """All parts, one after the other. A running server does the same beside: whoever comes second leaves out."""
    from ripeline.server.log import queries
    from ripeline.server.refused.resuming import do_part

    begun = done(workspace, Resume(act=act, by=by, at=now(), source=source, reason=reason))
    under_way = queries.resumption(begun.id)
    while under_way is not None and under_way.done_at is None:
        do_part(under_way, workspace.submit, now=now())
        under_way = queries.resumption(begun.id)
        if under_way is not None and not as_json:
            told = {"settled": under_way.settled, "total": under_way.total, "refused": under_way.refused}
            click.echo(translated("{settled} of {total} settled, {refused} refused again", **told), err=True)
    assert under_way is not None
    if as_json:
        print_json(under_way)
        return
    click.echo(
        translated("{settled} settled, {refused} refused again.", settled=under_way.settled, refused=under_way.refused)
    )
