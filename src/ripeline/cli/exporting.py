"""`ripeline export`: everything in a workspace, to open formats; what a running server holds, as of one moment."""

import csv
import shutil
from pathlib import Path

import click

from ripeline.cli.opening import now, workspace_in
from ripeline.cli.printing import as_json, fail, print_json, said_in_words, workspace
from ripeline.translation import counted, translated

README = Path(__file__).parent / "export_readme.md"
PEOPLE = ("email", "name", "team", "territory", "administrator", "active")


@click.command(name="export")
@workspace
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path),
    help="The folder to make; DIR/exports/ and the moment unless told.",
)  # fmt: skip
@as_json
def command(folder: Path, out: Path | None, as_json: bool) -> None:
    """Write everything in a workspace into a folder of Parquet, CSV, YAML and JSON, with a README of what is what.

    `ripeline import` makes a workspace of it again, to the same scores. Secrets (passwords, keys) are not in it.
    """
    at = now()
    out = out or folder / "exports" / f"{at:%Y-%m-%dT%H-%M-%SZ}"
    if out.exists() and any(out.iterdir()):
        fail(translated("{path} is not empty: name a folder that is not there yet", path=out))
    with said_in_words(OSError), workspace_in(folder) as opened:
        from ripeline.server.log.exporting import export
        from ripeline.server.people.queries import everybody

        out.mkdir(parents=True, exist_ok=True)
        with (out / "people.csv").open("w", encoding="utf-8", newline="") as people:
            csv.writer(people, lineterminator="\n").writerows([PEOPLE, *everybody()])
        shutil.copy(README, out / "README.md")
        manifest = export(opened.folder / "data/ripeline.db", out, at=at, told=_told)
    if as_json:
        print_json({"folder": str(out), "seq": manifest.seq, "rows": manifest.rows})
    else:
        events = manifest.rows["events.parquet"]
        click.echo(counted("{count} event exported to {path}", "{count} events exported to {path}", events, path=out))


def _told(name: str, count: int) -> None:
    click.echo(counted("{name}: {count} row", "{name}: {count} rows", count, name=name), err=True)
