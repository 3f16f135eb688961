"""Scores of whole histories: over a lake, or over files of events."""

import os
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ripeline.batch.coding import base_columns, coded, fields_read
from ripeline.batch.collecting import Collection
from ripeline.batch.compaction import compact
from ripeline.batch.decided import decided_rows, recorded
from ripeline.batch.filed import Filed, RefusedRow
from ripeline.batch.files import Paths, distinct, read
from ripeline.batch.identities import Identities
from ripeline.batch.lake import Lake
from ripeline.batch.layers import Layers
from ripeline.batch.mapping import Mapping
from ripeline.batch.owners import Owners
from ripeline.batch.runs import I8, ByLead, Run, Texts, by_lead
from ripeline.batch.sealing import INSTANT, numbers
from ripeline.definition.model import STAGES, Definition
from ripeline.events.event import Event
from ripeline.events.instants import micros
from ripeline.scoring import history
from ripeline.scoring.program import Program, compiled
from ripeline.scoring.rows import NEVER

_TRIES = 3


class Question(NamedTuple):
    """What is asked of a history: scores under `program` at `as_of`, by what was `known_at` (None: all that is known).

    `owners` of None: every identity is a lead of its own. `as_if`: see `scoring.history.fold`. `agreement`: the lasting
    number of the definition whose transitions count as it happened (None: all). `stages`: see `standings`.
    """

    program: Program
    as_of: datetime
    owners: Owners | None = None
    known_at: datetime | None = None
    as_if: bool = True
    agreement: int | None = None
    stages: bool = False


def score(
    definition: Definition,
    lake: Lake,
    *,
    as_of: datetime,
    owners: Owners | None = None,
    known_at: datetime | None = None,
    as_if: bool = True,
) -> pa.Table:
    """One row a lead with an event by `as_of`, in order of `lead` (int64).

    Columns: `lead`, `score`, each group of the definition, `grade`, `qualifies`, `qualified_at` (UTC, null: never),
    `cycles`. Columns for what the definition reads are made on first use, which takes about 10 µs an event once.
    """
    return _answered(Question(compiled(definition), as_of, owners, known_at, as_if), lake, lambda: owners)


def standings(
    definition: Definition,
    lake: Lake,
    *,
    as_of: datetime,
    owners: Callable[[], Owners],
    agreement: int | None = None,
) -> pa.Table:
    """As `score`, as it happened, and where each lead stood: `stage`, `excluded`, `crossed_at` (in the present cycle).

    `owners` is called when the lake's files have been listed, so that it can know every identity that is in them.
    """
    return _answered(Question(compiled(definition), as_of, as_if=False, agreement=agreement, stages=True), lake, owners)


def _answered(question: Question, lake: Lake, owners: Callable[[], Owners | None]) -> pa.Table:
    for _ in range(_TRIES):
        try:
            return _lake_scores(question, lake, owners)
        except FileNotFoundError:  # a compaction has just ended: its files hold the same rows
            continue
    return _lake_scores(question, lake, owners)


def _lake_scores(question: Question, lake: Lake, owners: Callable[[], Owners | None]) -> pa.Table:
    """The lake grows meanwhile: what was decided is read before the events that led to it, whose they are after."""
    decided, contents = recorded(lake, as_if=question.as_if), lake.contents()
    question = question._replace(owners=owners())
    fields = fields_read(question.program.definition)
    parts, segments = ([Layers(path).filled(fields) for path in paths] for paths in contents)
    runs = [decided_rows(question, decided), *(_run(question, layers) for layers in segments)]
    return _scores(question, parts, runs)


def score_rows(question: Question, runs: Sequence[Run]) -> pa.Table:
    """As `score`, of rows that are in memory."""
    return _scores(question, [], list(runs))


def _scores(question: Question, parts: Sequence[Layers], loose: Sequence[Run]) -> pa.Table:
    """The scores of sorted parts, one after the other on every core, with the `loose` rows among them.

    Leads who have identities in several parts wait until the end.
    """
    across: list[Run] = []

    def part_scores(part: Layers) -> pa.Table:
        low, high = _reach(part)
        run = _run(question, part)
        home = _within(question, run.lead, low, high)
        if not home.all():
            across.append(run.where(~home))
            run = run.where(home)
        others = [each.where(_within(question, each.lead, low, high)) for each in loose if len(each.at)]
        return _folded(question, by_lead([run, *others], _reachable(question)))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        tables = list(pool.map(part_scores, parts))
    reaches = [_reach(part) for part in parts]
    rest = [each.where(_nowhere(question, each.lead, reaches)) for each in loose if len(each.at)]
    tables.append(_folded(question, by_lead([*across, *rest], _reachable(question))))
    return _in_order(pa.concat_tables(tables))


def _reach(part: Layers) -> tuple[int, int]:
    groups = part.identities()
    return groups[0][0], groups[-1][1] + 1


def _within(question: Question, leads: I8, low: int, high: int) -> NDArray[np.bool_]:
    if question.owners is None:
        return np.asarray((leads >= low) & (leads < high))
    return question.owners.within(leads, low, high)


def _nowhere(question: Question, leads: I8, reaches: Iterable[tuple[int, int]]) -> NDArray[np.bool_]:
    """Which leads are at home in no part."""
    found = np.ones(len(leads), bool)
    for low, high in reaches:
        found &= ~_within(question, leads, low, high)
    return found


def _run(question: Question, layers: Layers) -> Run:
    """The rows of one file, with their leads."""
    definition = question.program.definition
    columns = base_columns(definition) + (["received_at"] if question.known_at else [])
    return _run_of(question, layers.table(columns, fields=fields_read(definition)), layers.texts)


def run_of(question: Question, table: pa.Table) -> Run:
    """`table`, which has every column of an event and the typed columns of `fields_read`, as rows of leads."""
    return _run_of(question, table, table.select(["source", "message_id"]).take)


def _run_of(question: Question, table: pa.Table, texts: Texts) -> Run:
    rows = coded(question.program, table)
    lead = rows.identity if question.owners is None else question.owners.leads(rows.identity, rows.at)
    run = Run(lead, *rows, texts)
    if question.known_at is None:
        return run
    return run.where(numbers(table["received_at"])[rows.place] <= micros(question.known_at))


def _reachable(question: Question) -> Callable[[I8], NDArray[np.uint8]]:
    return Owners(()).can_be_reached if question.owners is None else question.owners.can_be_reached


def _folded(question: Question, people: ByLead) -> pa.Table:
    scores = history.fold(question.program, people.rows, as_of=question.as_of, as_if=question.as_if)
    groups = [group.key for group in question.program.definition.groups]
    columns = {
        "lead": pa.array(people.leads),
        "score": pa.array(scores.total),
        **{key: pa.array(np.ascontiguousarray(scores.sub_scores[:, place])) for place, key in enumerate(groups)},
        "grade": _grades(question.program, scores.bands),
        "qualifies": pa.array(scores.qualifies.astype(bool)),
        "qualified_at": _instants(scores.qualified_at),
        "cycles": pa.array(scores.cycles),
    }
    table = pa.table(columns | (_stages(scores) if question.stages else {}))
    return table if scores.present.all() else table.filter(pa.array(scores.present.astype(bool)))


def _stages(scores: history.ScoreTable) -> dict[str, pa.Array]:
    return {
        "stage": pa.array(STAGES).take(pa.array(scores.stage)),
        "excluded": pa.array(scores.excluded.astype(bool)),
        "crossed_at": _instants(scores.crossed_at),
    }


def _instants(at: I8) -> pa.Array:
    return pa.array(at, mask=at == NEVER).view(INSTANT)


def _grades(program: Program, bands: NDArray[np.int8]) -> pa.Array:
    """The grade of each lead as text; the few that there are, are put together once."""
    steps = np.cumprod([1, *(len(group.grades) + 1 for group in program.definition.groups)])[:-1]
    _, first, which = np.unique((bands.astype(np.int64) + 1) @ steps, return_index=True, return_inverse=True)
    return pa.array(program.grades.of(bands[first]), pa.string()).take(pa.array(which))


def _in_order(table: pa.Table) -> pa.Table:
    leads = numbers(table["lead"])
    return table if (leads[1:] > leads[:-1]).all() else table.sort_by("lead")


def score_files(
    definition: Definition,
    paths: Paths,
    mapping: Mapping | None = None,
    *,
    as_of: datetime,
    refused: Callable[[RefusedRow], None] | None = None,
    copied: Callable[[int], None] | None = None,
) -> pa.Table:
    """As `score`, of files of events (a folder stands for those in it).

    `lead` is what a row's `lead` says; of a person without one the oldest user id, external id, e-mail address or
    anonymous id. `refused` is told of each row that could not be read; the others count. `copied` is told how many
    events were left out because an earlier one has their source and id. Raises UnreadableFile, and MappingError where
    the mapping names a column that a file does not have.
    """
    return score_told(definition, read(paths, mapping), as_of=as_of, refused=refused or _unheard, copied=copied)


def score_told(
    definition: Definition,
    told: Iterator[Filed | RefusedRow],
    *,
    as_of: datetime,
    refused: Callable[[RefusedRow], None],
    copied: Callable[[int], None] | None = None,
) -> pa.Table:
    """As `score_files`, of what rows told."""
    question = Question(compiled(definition), as_of)
    with TemporaryDirectory(prefix="ripeline-") as folder:
        collection = Collection(fields_read(definition), Path(folder))
        people = collection.take(distinct(told, copied), refused)
        question = question._replace(owners=people.owners)
        if collection.table is not None:
            table = score_rows(question, [run_of(question, collection.table)])
        else:
            compact(collection.lake)
            table = score(definition, collection.lake, as_of=as_of, owners=people.owners)
    names = pa.array(people.labels, pa.string()).take(table["lead"])
    return table.set_column(0, "lead", names).sort_by("lead")


def _unheard(row: RefusedRow) -> None:
    """What becomes of `row` where nobody asked."""


class LeadHistory(NamedTuple):
    """One person's events in files, in the order of DESIGN §3; `reachable`: the file names them as a lead."""

    events: list[Event]
    reachable: bool


def history_of(paths: Paths, mapping: Mapping | None, lead: str) -> LeadHistory | None:
    """The events of the person whom `score_files` calls `lead`; None if there is nobody of that name.

    Reads the files twice: whose an event is may turn on the last row.
    """
    identities, under, at = Identities(), array("q"), array("q")
    for place, each in enumerate(_events(paths, mapping)):
        at.append(micros(each.event.occurred_at))
        under.append(identities.under(each.lead, each.event, at[-1], place))
    people = identities.named(lambda places: _texts(paths, mapping, places))
    if lead not in people.labels:
        return None
    number = people.labels.index(lead)
    theirs = people.owners.leads(np.array(under, np.int64), np.array(at, np.int64)) == number
    events = [each.event for each, is_theirs in zip(_events(paths, mapping), theirs.tolist(), strict=True) if is_theirs]
    events.sort(key=lambda event: (event.occurred_at, event.source, event.message_id))
    return LeadHistory(events, number in people.owners.reachable)


def _events(paths: Paths, mapping: Mapping | None) -> Iterator[Filed]:
    return (each for each in distinct(read(paths, mapping)) if isinstance(each, Filed))


def _texts(paths: Paths, mapping: Mapping | None, places: I8) -> list[tuple[str, str]]:
    wanted = set(places.tolist())
    found = {
        place: (each.event.source, each.event.message_id)
        for place, each in enumerate(_events(paths, mapping))
        if place in wanted
    }
    return [found[place] for place in places.tolist()]
