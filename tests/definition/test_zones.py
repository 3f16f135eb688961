import subprocess
import sys

import pytest

from ripeline.definition.zones import is_zone

KNOWS_WARSAW = "from ripeline.definition.zones import is_zone; assert is_zone('Europe/Warsaw')"


@pytest.mark.parametrize("name", ["Warsaw", "Europe", "../../etc/passwd", "Europe/Warsaw\0", "zone.tab", "x" * 5_000])
def test_what_is_no_zone_is_none(name: str) -> None:
    assert not is_zone(name)


def test_zones_are_known_on_a_machine_that_has_none() -> None:
    done = subprocess.run([sys.executable, "-c", KNOWS_WARSAW], env={"PYTHONTZPATH": ""}, check=False, timeout=60)

    assert done.returncode == 0
