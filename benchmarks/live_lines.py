"""`ripeline serve` that writes down where its CPU goes: every two milliseconds, each thread's time to its line.

A thread's own CPU clock is read, so what SQLite or the kernel of the fold take counts for the line that called them.
"""

import signal
import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from ripeline.server.serve import run

SOURCE = str(Path(__file__).parent.parent / "src") + "/"
EVERY_SECONDS = 0.002


class Lines:
    """Samples until `write`."""

    def __init__(self) -> None:
        self._spent: Counter[tuple[str, str]] = Counter()
        self._seen: dict[int, float] = {}
        threading.Thread(target=self._sample, daemon=True).start()

    def forget(self) -> None:
        """What was spent so far does not count: the load begins now."""
        self._spent.clear()

    def write(self, path: Path) -> None:
        total = sum(self._spent.values())
        lines = [f"{spent / total:6.1%}  {where:60}  {line}" for (where, line), spent in self._spent.most_common(60)]
        path.write_text("\n".join(lines) + "\n")

    def _sample(self) -> None:
        own = threading.get_ident()
        while True:
            time.sleep(EVERY_SECONDS)
            for ident, frame in sys._current_frames().items():
                try:
                    now = time.clock_gettime(time.pthread_getcpuclockid(ident))
                except OSError:
                    continue
                spent, self._seen[ident] = now - self._seen.get(ident, now), now
                if ident != own and spent > 0:
                    self._spent[_place(frame)] += int(spent * 1e9)


def _place(frame: "object") -> tuple[str, str]:
    """The innermost line of ours, else of whoever it is."""
    import linecache

    place = frame
    while place is not None and not place.f_code.co_filename.startswith(SOURCE):  # type: ignore[attr-defined] # a frame
        place = place.f_back  # type: ignore[attr-defined]
    found = place or frame
    file, line = found.f_code.co_filename, found.f_lineno or 0  # type: ignore[attr-defined]
    return f"{file.removeprefix(SOURCE)}:{line}", linecache.getline(file, line).strip()


if __name__ == "__main__" and len(sys.argv) == 3:
    lines = Lines()
    signal.signal(signal.SIGUSR1, lambda *_: lines.forget())
    signal.signal(signal.SIGUSR2, lambda *_: lines.write(Path(sys.argv[2])))
    run(Path(sys.argv[1]), port=0, now=lambda: datetime.now(UTC), say=lambda text: print(text, flush=True))
