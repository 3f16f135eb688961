"""Scores of a whole history, beside the same question hand-written in DuckDB SQL over the same sorted Parquet.

    python benchmarks/history.py                    10 M events of 500 k leads; the lake is kept in build/benchmarks
    python benchmarks/history.py --events 1000000 --leads 50000

Whole processes take turns, and what counts is their CPU time (user and system) and their peak memory, imports, reading
and writing of the answer included. Both answer under `definition_45.yaml`; the answers must be the same to 1e-6 points
and the same crossing instant. What sorting the lake cost is told apart. Exit 1: an answer differs or a bar is missed.
"""

import argparse
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
DEFINITION = ROOT / "benchmarks" / "definition_45.yaml"
AS_OF = datetime(2026, 1, 1, tzinfo=UTC)
GROUPS = ("interest", "engagement", "product", "purchases")
TIMES_LESS = 5.0
MEMORY_MB = 1_500.0


class Cost(NamedTuple):
    """What a process used: CPU seconds, and megabytes at its peak."""

    cpu: float
    memory: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("answer", nargs="?", choices=("all", "ripeline", "duckdb", "lake"), default="all")
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--leads", type=int, default=500_000)
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "benchmarks")
    parser.add_argument("--threads", type=int, default=2, help="of DuckDB")
    parser.add_argument("--repeat", type=int, default=3, help="turns; the least CPU of each counts")
    told = parser.parse_args()
    if told.answer == "ripeline":
        return answer_with_ripeline(told)
    if told.answer == "duckdb":
        return answer_with_duckdb(told)
    if told.answer == "lake":
        return make_lake(told)
    return compare(told)


def lake_folder(told: argparse.Namespace) -> Path:
    return Path(told.folder) / f"lake-{told.events}-{told.leads}"


def answer_file(told: argparse.Namespace, name: str) -> Path:
    return Path(told.folder) / f"{name}-{told.events}-{told.leads}.parquet"


def answer_with_ripeline(told: argparse.Namespace) -> int:
    """What `ripeline score` does over a lake: read, fold on every core, write."""
    from ripeline.batch.answers import write
    from ripeline.batch.lake import Lake
    from ripeline.batch.score import score
    from ripeline.definition.load import read

    write(score(read(DEFINITION), Lake(lake_folder(told)), as_of=AS_OF), answer_file(told, "ripeline"))
    return 0


def answer_with_duckdb(told: argparse.Namespace) -> int:
    from benchmarks.history_sql import run

    files = sorted(str(path) for path in lake_folder(told).glob("sorted-*/*.parquet"))
    run(files, AS_OF.isoformat(), answer_file(told, "duckdb"), threads=told.threads)
    return 0


def make_lake(told: argparse.Namespace) -> int:
    from benchmarks.history_lake import made

    made(Path(told.folder), events=told.events, leads=told.leads)
    return 0


def compare(told: argparse.Namespace) -> int:
    from benchmarks.history_lake import sorting_cost

    Path(told.folder).mkdir(parents=True, exist_ok=True)
    print(f"{told.events:,} events of {told.leads:,} leads, 45 criteria; CPU seconds of whole processes", flush=True)
    process("lake", told)
    process("ripeline", told)  # machine code for the fold, if it is not in the cache yet
    costs: dict[str, list[Cost]] = {"ripeline": [], "duckdb": []}
    for turn in range(told.repeat):
        for name, seen in costs.items():
            seen.append(process(name, told))
            print(f"  turn {turn + 1}  {name:9}{seen[-1].cpu:8.2f} s {seen[-1].memory:8,.0f} MB", flush=True)
    ours, theirs = (min(costs[name], key=lambda cost: cost.cpu) for name in ("ripeline", "duckdb"))
    memory = max(cost.memory for cost in costs["ripeline"])
    same = agree(told)
    times_less = theirs.cpu / ours.cpu
    print(f"ripeline          {ours.cpu:8.2f} s {memory:8,.0f} MB   (at most {MEMORY_MB:,.0f} MB)")
    print(f"DuckDB            {theirs.cpu:8.2f} s {theirs.memory:8,.0f} MB   ({told.threads} threads)")
    print(f"times less CPU    {times_less:8.2f}               (at least {TIMES_LESS:g})")
    print(f"sorting the lake  {sorting_cost(Path(told.folder), told.events, told.leads):8.2f} s once, apart from both")
    return 0 if same and times_less >= TIMES_LESS and memory < MEMORY_MB else 1


def process(name: str, told: argparse.Namespace) -> Cost:
    """Run one answer as a process of its own; raises CalledProcessError where it fails."""
    asked = [name, "--events", str(told.events), "--leads", str(told.leads), "--folder", str(told.folder)]
    paths = os.pathsep.join([str(ROOT), str(ROOT / "src")])
    command = [sys.executable, str(Path(__file__).resolve()), *asked, "--threads", str(told.threads)]
    child = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": paths})
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command)
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def agree(told: argparse.Namespace) -> bool:
    """Whether both answers are the same: leads, scores to 1e-6, crossings to the microsecond."""
    import numpy as np
    import pyarrow.parquet as pq

    ours, theirs = (pq.read_table(answer_file(told, name)) for name in ("ripeline", "duckdb"))
    same = {"leads": ours["lead"].equals(theirs["lead"]) and ours.num_rows > 0}
    for column in ("score", *GROUPS):
        same[column] = bool(np.allclose(ours[column].to_numpy(), theirs[column].to_numpy(), rtol=0, atol=1e-6))
    crossings = [table["qualified_at"].cast("int64").fill_null(0).to_numpy() for table in (ours, theirs)]
    same["crossings"] = bool((crossings[0] == crossings[1]).all())
    same["qualifies"] = ours["qualifies"].equals(theirs["qualifies"])
    differing = [name for name, equal in same.items() if not equal]
    crossed = int((crossings[0] != 0).sum())
    print(
        f"the answers differ in {differing}"
        if differing
        else f"same answers: {ours.num_rows:,} leads, {crossed:,} crossed"
    )
    return not differing


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT), str(ROOT / "src")]
    raise SystemExit(main())
