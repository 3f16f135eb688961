"""How fast the fold is by itself: events a CPU second of the kernel, with numba and without.

    python benchmarks/fold.py                   2 M events of 100 k leads
    python benchmarks/fold.py --events 200000

The definition is `definition_45.yaml`; rows are made before the clock starts, so that what is told is the kernel's time
alone (`history.py` measures whole processes). The yardstick is the same fold as plain Python, over fewer leads.
Exit 1: the bar is missed.
"""

import argparse
import sys
from pathlib import Path
from time import process_time
from typing import Any

import numpy as np

from ripeline.definition.load import read
from ripeline.scoring import jit
from ripeline.scoring.folding import course, run
from ripeline.scoring.history import Coded, event_shapes
from ripeline.scoring.program import Program, compiled
from ripeline.scoring.rows import LeadRows
from ripeline.scoring.tables import NEVER

DEFINITION = Path(__file__).with_name("definition_45.yaml")
SEED = 20_260_301
DAY = 86_400_000_000
START, DAYS = 1_704_067_200_000_000, 730  # 2024-01-01
EVENTS_OF_A_LEAD = 20
ROUNDS = 3
BAR = 10_000_000 / 1.5  # events a CPU second
PLAIN_LEADS = 500


def rows_of(program: Program, events: int) -> LeadRows:
    """That many events of a twentieth as many leads, sorted; a third of them earns nothing."""
    random = np.random.default_rng(SEED)
    names = sorted({criterion.on for criterion in program.definition.criteria if criterion.on is not None})
    pairs = [("track", name) for name in [*names, *(f"Other {number}" for number in range(len(names) // 2))]]
    leads = events // EVENTS_OF_A_LEAD
    counts = 1 + random.multinomial(events - leads, np.full(leads, 1 / leads))
    at = START + random.integers(0, DAYS * DAY, events)
    at = at[np.lexsort((at, np.repeat(np.arange(leads), counts)))]
    columns = {
        "path": Coded(["/", "/blog", "/pricing"], random.integers(0, 3, events).astype(np.int32)),
        "plan": Coded(["free", "pro"], random.integers(0, 2, events).astype(np.int32)),
        "amount": Coded([20.0, 900.0], random.integers(0, 2, events).astype(np.int32)),
    }
    shapes = event_shapes(program, pairs, random.integers(0, len(pairs), events).astype(np.int32), columns)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return LeadRows(starts, at, shapes, np.empty(0, np.int64), np.empty(0, np.uint8))


def first_leads(rows: LeadRows, leads: int) -> LeadRows:
    starts = rows.starts[: leads + 1]
    end = int(starts[-1])
    return rows._replace(starts=starts, at=rows.at[:end], shape=rows.shape[:end])


def per_second(program: Program, rows: LeadRows, kernels: Any) -> float:
    """Events a CPU second, the best of some rounds."""
    end = START + DAYS * DAY
    how = course(until=end, read_at=end, decides_after=NEVER)
    costs = []
    for _ in range(ROUNDS):
        before = process_time()
        run(program, rows, how, kernels=kernels)
        costs.append(process_time() - before)
    return len(rows.at) / min(costs)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=2_000_000)
    told = parser.parse_args()
    program = compiled(read(DEFINITION))
    rows = rows_of(program, told.events)
    plain = per_second(program, first_leads(rows, PLAIN_LEADS), jit.plain())
    print(f"plain Python   {plain:>12,.0f} events a CPU second")
    if not jit.has_numba():
        print("numba is not installed: nothing to compare with")
        return 0
    before = process_time()
    machine_code = jit.compiled()
    print(f"loading or compiling the kernels took {process_time() - before:.1f} CPU s")
    fast = per_second(program, rows, machine_code)
    print(f"machine code   {fast:>12,.0f} events a CPU second, {fast / plain:.0f} times as many")
    print(f"10 M events    {10_000_000 / fast:>12.2f} CPU s of the kernel; the bar is {10_000_000 / BAR:.1f}")
    return 0 if fast >= BAR else 1


if __name__ == "__main__":
    sys.exit(main())
