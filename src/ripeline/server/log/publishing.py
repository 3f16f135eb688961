"""A definition is published: a new version for good, and every lead folded anew under it, a few at a time."""

import msgspec

from ripeline.criteria.problem import Problem
from ripeline.criteria.words import both
from ripeline.definition.fingerprint import fingerprint
from ripeline.definition.load import DefinitionError, load
from ripeline.definition.nodes import Mapping, composed
from ripeline.events.instants import micros
from ripeline.server.log import folding
from ripeline.server.log.commands import TEAMS, NotADefinition, Publish, Published, Unsigned
from ripeline.server.log.session import Log
from ripeline.server.log.store import agreement, lifecycle, standings
from ripeline.server.log.store.agreement import VersionRow
from ripeline.translation import counted, translated

REFOLD = "refold"  # the due row of leads not yet folded under the version in force
AT_ONCE = 200  # leads in a transaction: live events wait no longer than that takes


class Progress(msgspec.Struct, frozen=True):
    """How far folding anew has come: leads up to `lead` stand under `version`.

    With `replay` those who qualify move as they come up; leads up to `replayed` did so under the version before.
    """

    version: int
    replay: bool
    lead: int = 0
    replayed: int = 0


def publish(log: Log, command: Publish) -> Published:
    """The version is in force for the next event; leads follow in `refold`, each at the latest when it is touched."""
    try:
        definition = load(command.text, path=command.path)
        _check_key(log, command, definition.key)
    except DefinitionError as error:
        raise NotADefinition(str(error), problems=tuple(error.problems)) from error
    _check_signed(command)
    number = log.version_number + 1
    row = VersionRow(
        number=number,
        definition=agreement.definition(log.db, definition.key),
        title=definition.title,
        fingerprint=fingerprint(definition),
        text=command.text,
        signatures=msgspec.json.encode(command.signatures).decode(),
        mode=command.mode,
        published_at=min(micros(command.at), log.at),
    )
    agreement.publish(log.db, row)
    log.read_agreement()
    leads = standings.count(log.db)
    if leads:
        _go_on(log, _begun(log, number, replay=command.mode == "replay"))
    return Published(version=number, fingerprint=row.fingerprint, leads=leads)


def refold(log: Log, body: str) -> None:
    """The next leads are folded under the version in force. A replay moves those who qualify, as they come up."""
    progress = msgspec.json.decode(body, type=Progress)
    if progress.version != log.version_number:
        return  # a later version has its own row
    leads = standings.leads_after(log.db, progress.lead, AT_ONCE)
    if not leads:
        return
    touched = folding.touch(log, leads)
    for lead in leads:
        touched[lead].again = True
        touched[lead].happening = progress.replay and lead > progress.replayed
    folding.fold(log, touched)
    _go_on(log, msgspec.structs.replace(progress, lead=leads[-1]))


def _begun(log: Log, number: int, *, replay: bool) -> Progress:
    """A version's folding begins. It takes the place of another's, and a replay that was not done by then goes on."""
    waiting = lifecycle.due_body(log.db, REFOLD, "leads")
    left = msgspec.json.decode(waiting, type=Progress) if waiting else None
    if replay or left is None or not left.replay:
        return Progress(number, replay)
    return Progress(number, replay=True, replayed=max(left.lead, left.replayed))


def _go_on(log: Log, progress: Progress) -> None:
    body = msgspec.json.encode(progress).decode()
    lifecycle.put_due(log.db, at=log.at, kind=REFOLD, key="leads", body=body)


def _check_key(log: Log, command: Publish, key: str) -> None:
    """A workspace follows one definition: under another key every lead would begin anew, beside itself."""
    if log.version is None or key == log.definition.key:
        return
    problem = Problem(
        line=_line_of_key(command.text),
        path="definition",
        message=translated("this workspace follows the definition `{key}`", key=log.definition.key),
        code="another-definition",
        found=key,
        hint=translated(
            "write `definition: {key}`; a company's second definition needs a workspace of its own",
            key=log.definition.key,
        ),
    )
    raise DefinitionError([problem], path=command.path)


def _line_of_key(text: str) -> int:
    root = composed(text)
    entries = root.entries if isinstance(root, Mapping) else ()
    return next((key.line for key, _ in entries if getattr(key, "text", "") == "definition"), 1)


def _check_signed(command: Publish) -> None:
    signed = {signature.team for signature in command.signatures if signature.name.strip()}
    missing = [team for team in TEAMS if team not in signed]
    if missing:
        raise Unsigned(
            counted(
                "Not published: {teams} has not signed. Sign with {signatures}.",
                "Not published: {teams} have not signed. Sign with {signatures}.",
                len(missing),
                teams=both(missing),
                signatures=" ".join(f"--signed {team}=NAME" for team in missing),
            )
        )
