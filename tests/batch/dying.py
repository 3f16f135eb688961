"""What a process does that a test kills at one step of it."""

from pathlib import Path

from tests.batch.lakes import logged

from ripeline.batch.compaction import compact
from ripeline.batch.lake import Lake

LOG = [logged(seq, seq % 4, seq % 3) for seq in range(1, 21)]


def mirrored_on(folder: Path) -> None:
    """Go on mirroring `LOG` from where the lake stands, as a server does after its start, and sort now and then."""
    lake = Lake(folder)
    compact(lake)
    while lake.mirrored_to() < len(LOG):
        start = lake.mirrored_to()
        lake.mirror(LOG[start : start + 10])
        compact(lake, rows_in_a_part=8)
