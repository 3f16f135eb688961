"""The `ripeline` command: one file a command, loaded when it is called."""

import importlib
import os
import sys

import click

from ripeline.translation import use_language

COMMANDS = {
    "init": "Make a workspace, or the demo company's.",
    "serve": "Console, door and worker in one process.",
    "key": "Keys for those who send events, and for those who read.",
    "sources": "What comes from where, and what is refused of it.",
    "user": "People who sign in.",
    "refused": "What the door could not take, mended and replayed.",
    "check": "What is wrong with a definition, with its lines.",
    "test": "Do a definition's example leads come out as they should?",
    "publish": "A signed definition becomes the version in force.",
    "score": "One row a lead, from files of events.",
    "explain": "Every point of one lead, from files of events.",
    "import": "History from files enters a workspace.",
    "export": "Everything in a workspace, to open formats.",
    "demo": "Clear the demo company's workspace.",
    "warm": "Compile the fold ahead of its first use.",
}
_MODULES = {"import": "importing", "export": "exporting"}  # `import` is a word of Python's


class Commands(click.Group):
    """Loads `ripeline.cli.NAME` for the command NAME only, so that `ripeline check` does not wait for Django."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"ripeline.cli.{_MODULES.get(cmd_name, cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """From the table: help does not wait for the libraries of every command."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


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
