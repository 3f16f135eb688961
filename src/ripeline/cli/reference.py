"""`docs/reference/commands.md`, printed from the commands themselves: `python -m ripeline.cli.reference`."""

from collections.abc import Iterator

import click

from ripeline.cli import ripeline

INTRODUCTION = """\
# Commands

Printed from the code by `python -m ripeline.cli.reference`; a test compares it.

Exit codes: 0 done, 1 the input is at fault, 2 wrong usage. `--json` prints one JSON document for machines.
"""


def reference() -> str:
    """The whole page, as Markdown."""
    return "\n".join([INTRODUCTION, *(f"## {name}\n\n```text\n{text}\n```\n" for name, text in helps(ripeline, []))])


def helps(command: click.Command, names: list[str]) -> Iterator[tuple[str, str]]:
    """Each command's full name with its help, a group's own before its members'."""
    name = " ".join(["ripeline", *names])
    context = click.Context(command, info_name=name, max_content_width=100, terminal_width=100)
    yield name, command.get_help(context)
    if isinstance(command, click.Group):
        for member_name in command.list_commands(context):
            member = command.get_command(context, member_name)
            if member is not None:
                yield from helps(member, [*names, member_name])


if __name__ == "__main__":
    click.echo(reference(), nl=False)
