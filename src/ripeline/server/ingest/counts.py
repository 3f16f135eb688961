"""What passed the door since it opened, for `/metrics`."""

from collections import Counter
from collections.abc import Mapping, Sequence

from ripeline.events.event import Event
from ripeline.events.reason import Reason
from ripeline.events.refusal import Refusal


class Counts:
    """Plain sums, kept by the event loop alone."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[str, int]] = Counter()  # by what the path brings and status
        self.seconds = 0.0  # from the head of a request to its answer, in all
        self.accepted = 0
        self.refused: Counter[str] = Counter()  # by reason
        self.skipped: Counter[str] = Counter()  # by the mapping that leaves them out

    def answered(self, kind: str, status: int, seconds: float) -> None:
        """A request was answered."""
        self.requests[kind, status] += 1
        self.seconds += seconds

    def left_out(self, mapping: str, count: int) -> None:
        """So many were not to become events, says a mapping."""
        self.skipped[mapping] += count

    def stored(self, accepted: Sequence[Event], refused: Sequence[Refusal]) -> None:
        """What a request brought is on disk."""
        self.accepted += len(accepted)
        for refusal in refused:
            self.refused[refusal.reason.value] += 1

    def not_kept(self, reasons: Mapping[str, int]) -> None:
        """What was refused, of which nothing but this number is kept, by reason."""
        for reason, count in reasons.items():
            self.refused[reason] += count

    def withdrew(self, count: int) -> None:
        """So many of what was accepted were not kept after all, by what their persons had said before."""
        self.accepted -= count
        self.refused[Reason.NO_CONSENT.value] += count
