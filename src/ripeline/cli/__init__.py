"""The `ripeline` command: one file a command, loaded when it is called."""

import importlib
import os
import sys

import click

from ripeline.translation import use_language

COMMANDS = ("init", "serve", "key", "user", "check", "test", "publish", "score", "explain", "demo", "warm")


class Commands(click.Group):
    """Loads `ripeline.cli.NAME` for the command NAME only, so that `ripeline check` does not wait for Django."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"ripeline.cli.{cmd_name}").command
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ripeline")
def ripeline() -> None:
    """Qualify leads by one definition that marketing and sales have signed.

    Exit codes: 0 done, 1 the input is at fault, 2 wrong usage.
    """


def main() -> None:
    use_language(os.environ.get("LC_ALL") or os.environ.get("LANG") or "en")
    try:
        ripeline(prog_name="ripeline")
    except BrokenPipeError:  # the reader (`| head`) has seen enough
        sys.stderr.close()
        sys.exit(0)
