"""Rows from several files and identities brought together lead by lead, in the order of the log."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ripeline.scoring.rows import LeadRows

# Source and message id of events, by their place: looked up only where two identities share an instant.
Texts = Callable[[NDArray[np.int64]], pa.Table]
I8 = NDArray[np.int64]


class Run(NamedTuple):
    """Rows of one file in its order, with the lead of each; `place` is the row of the event in that file.

    `texts` of None: acts and transitions, which come after everything else of their instant.
    """

    lead: I8
    identity: I8
    at: I8
    shape: NDArray[np.int32]
    value: I8  # as long as the others, or empty where nothing is stated
    place: I8
    texts: Texts | None

    def where(self, chosen: NDArray[np.bool_] | I8) -> "Run":
        """The `chosen` rows alone, by truths or by their places."""
        return Run(
            self.lead[chosen],
            self.identity[chosen],
            self.at[chosen],
            self.shape[chosen],
            self.value[chosen] if len(self.value) else self.value,
            self.place[chosen],
            self.texts,
        )


class ByLead(NamedTuple):
    """Leads, and their rows as the fold reads them."""

    leads: I8
    rows: LeadRows


def by_lead(runs: Sequence[Run], reachable: Callable[[I8], NDArray[np.uint8]]) -> ByLead:
    """The rows of all `runs`, one lead after the other, each in time order.

    Rows of one identity in one file are in order already. Only where a lead has several are they merged.
    """
    filled = [run for run in runs if len(run.at)]
    if len(filled) == 1 and filled[0].texts is not None:
        starts = _starts(filled[0].lead, filled[0].identity)
        leads = filled[0].lead[starts]
        if (leads[1:] > leads[:-1]).all() or len(np.unique(leads)) == len(leads):
            return _grouped(filled[0], starts, reachable)
    run = _merged(filled)
    return _grouped(run, _starts(run.lead), reachable)


def _starts(lead: I8, identity: I8 | None = None) -> I8:
    """Where each run of rows with one lead (and one identity) begins."""
    if not len(lead):
        return np.empty(0, np.int64)
    changes = lead[1:] != lead[:-1]
    if identity is not None and identity is not lead:
        changes |= identity[1:] != identity[:-1]
    return np.concatenate(([0], np.flatnonzero(changes) + 1))


def _grouped(run: Run, starts: I8, reachable: Callable[[I8], NDArray[np.uint8]]) -> ByLead:
    leads = run.lead[starts]
    ends = np.append(starts, len(run.lead))
    at = run.at if run.at.flags.writeable else run.at.copy()  # numba knows arrays of Arrow as another type
    return ByLead(leads, LeadRows(ends, at, run.shape, run.value, reachable(leads)))


def _merged(runs: Sequence[Run]) -> Run:
    """All rows sorted by lead, instant, source and message id; a statement stays behind its event."""
    whole = _together(runs)
    file = np.repeat(np.arange(len(runs)), [len(run.at) for run in runs])
    decided = np.array([run.texts is None for run in runs])[file] if runs else np.empty(0, bool)
    order: I8 = np.lexsort((decided, whole.at, whole.lead))
    lead, at, origin = whole.lead[order], whole.at[order], _origins(file, whole.identity)[order]
    tied = (lead[1:] == lead[:-1]) & (at[1:] == at[:-1])
    if (tied & (origin[1:] != origin[:-1]) & ~decided[order][1:]).any():
        order = _by_text(whole, runs, file, decided)
    return whole.where(order)


def _together(runs: Sequence[Run]) -> Run:
    states = any(len(run.value) for run in runs)
    values = [run.value if len(run.value) else np.zeros(len(run.at), np.int64) for run in runs] if states else []
    none = np.empty(0, np.int64)

    def column(name: str) -> I8:
        return np.concatenate([getattr(run, name) for run in runs]) if runs else none

    shape = column("shape").astype(np.int32, copy=False)
    value = np.concatenate(values) if values else none
    return Run(column("lead"), column("identity"), column("at"), shape, value, column("place"), None)


def _origins(file: I8, identity: I8) -> I8:
    """A number for each file and identity: rows of one origin are in order already."""
    return np.unique(np.stack((file, identity)), axis=1, return_inverse=True)[1].reshape(-1) if len(file) else file


def _by_text(whole: Run, runs: Sequence[Run], file: I8, decided: NDArray[np.bool_]) -> I8:
    """The order of all rows, where instants are shared by source and message id."""
    texts = [
        run.texts(run.place) if run.texts else pa.table({name: [""] * len(run.at) for name in ("source", "message_id")})
        for run in runs
    ]
    known = pa.concat_tables([_plain(table) for table in texts])
    keyed = pa.table(
        {
            "lead": whole.lead,
            "at": whole.at,
            "decided": decided,
            "source": known["source"],
            "message_id": known["message_id"],
            "position": np.arange(len(file)),
        }
    )
    return np.asarray(pc.sort_indices(keyed, sort_keys=[(name, "ascending") for name in keyed.column_names]), np.int64)


def _plain(table: pa.Table) -> pa.Table:
    return pa.table({name: table[name].cast(pa.string()) for name in ("source", "message_id")})
