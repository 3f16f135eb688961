"""A definition is published: a new version for good, and every lead folded anew under it, a few at a time."""

import logging
from collections.abc import Sequence

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
from ripeline.server.log.store import agreement, identities, lifecycle, standings
from ripeline.server.log.store.agreement import VersionRow
from ripeline.server.log.store.connection import has_failed
from ripeline.translation import counted, translated

REFOLD = "refold"  # the due row of leads not yet folded under the version in force
AT_ONCE = 200  # leads in a transaction: live events wait no longer than that takes

logger = logging.getLogger(__name__)


class Progress(msgspec.Struct, frozen=True):
    """How far folding anew has come: leads up to `lead` stand under `version`; `alone`: `lead` itself is still to come.

    With `replay` those who qualify move as they come up; leads up to `replayed` did so under the version before.
    A lead that could not be folded among others has a row of its own, so that it keeps nobody waiting.
    """

    version: int
    replay: bool
    lead: int = 0
    replayed: int = 0
    alone: bool = False


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
    if progress.alone:
        if identities.resolved(log.db, progress.lead) == progress.lead:
            _folded_anew(log, [progress.lead], progress)
        return
    leads = standings.leads_after(log.db, progress.lead, AT_ONCE)
    if not leads:
        return
    try:
        with log.apart():
            _folded_anew(log, leads, progress)
    except Exception as error:
        if has_failed(error):
            raise
        logger.warning("leads are folded anew one by one, since one of them cannot be: %s", error)
        for lead in leads:
            _go_on(log, msgspec.structs.replace(progress, lead=lead, alone=True))
    _go_on(log, msgspec.structs.replace(progress, lead=leads[-1]))


def _folded_anew(log: Log, leads: Sequence[int], progress: Progress) -> None:
    touched = folding.touch(log, leads)
    for lead in leads:
        touched[lead].again = True
        touched[lead].happening = progress.replay and lead > progress.replayed
    folding.fold(log, touched)


def _begun(log: Log, number: int, *, replay: bool) -> Progress:
    """A version's folding begins. It takes the place of another's, and a replay that was not done by then goes on."""
    waiting = lifecycle.due_body(log.db, REFOLD, "leads")
    left = msgspec.json.decode(waiting, type=Progress) if waiting else None
    if replay or left is None or not left.replay:
        return Progress(number, replay)
    return Progress(number, replay=True, replayed=max(left.lead, left.replayed))


def _go_on(log: Log, progress: Progress) -> None:
    key = f"lead {progress.lead}" if progress.alone else "leads"
    body = msgspec.json.encode(progress).decode()
    lifecycle.put_due(log.db, at=log.at, kind=REFOLD, key=key, body=body)


def _check_key(log: Log, command: Publish, key: str) -> None:
    """A workspace follows one definition: under another key every lead would begin anew, beside itself."""
    if log.version is None:
        return
    unreadable = log.is_unreadable  # then only its key is known
    followed = agreement.definition_key(log.db, log.version.definition) if unreadable else log.definition.key
    if key == followed:
        return
    problem = Problem(
        line=_line_of_key(command.text),
        path="definition",
        message=translated("this workspace follows the definition `{key}`", key=followed),
        code="another-definition",
        found=key,
        hint=translated(
            "write `definition: {key}`; a company's second definition needs a workspace of its own",
            key=followed,
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
