import os
import subprocess
import sys
from pathlib import Path

LOADED_WHEN_ANSWERING = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from ripeline.server.serve import run

def say(_address):
    print(*sorted({name.partition(".")[0] for name in sys.modules}), flush=True)
    os._exit(0)

run(Path(sys.argv[1]), port=0, now=lambda: datetime.now(UTC), say=say)
"""


def loaded_when_answering(folder: Path) -> set[str]:
    """The top-level packages of a server that has just said where it answers."""
    command = [sys.executable, "-c", LOADED_WHEN_ANSWERING, str(folder)]
    environment = {**os.environ, "RIPELINE_WORKSPACE": str(folder)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120, env=environment)
    return set(done.stdout.split())


def test_a_server_answers_before_it_loads_the_fold_and_the_lake(folder: Path) -> None:
    loaded = loaded_when_answering(folder)

    assert {"django", "uvicorn"} <= loaded
    assert loaded.isdisjoint({"numba", "numpy", "pyarrow", "duckdb", "yaml"})
