"""What the fold reads: a lead's history as rows of three numbers, in the order of the log."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NEVER = int(np.iinfo(np.int64).min)  # an instant that did not come


class LeadRows(NamedTuple):
    """Many leads' rows, one lead after the other.

    Lead `i` has rows `starts[i]:starts[i + 1]`, sorted by (occurred_at, source, message id); an event's own row stands
    before the statements it makes, and acts and transitions stand after everything else of their instant.
    Copies of an event are already left out.

    - `starts`     int64, one more than leads
    - `at`         int64, microseconds since 1970 (UTC): `occurred_at`; `at`/`moved_at` of acts and transitions
    - `shape`      int32, what the row means: a number given by `program.shapes`, valid in this process only
    - `value`      int64, which value a statement states (`shapes.statement` or `shapes.value_code`), 0 for all other
                   rows; may be of length 0 when no row states a fact
    - `reachable`  uint8 or bool, one a lead: a way to reach them is known without their e-mail or phone
                   (a file row's `lead`); may be of length 0, then nobody is
    """

    starts: NDArray[np.int64]
    at: NDArray[np.int64]
    shape: NDArray[np.int32]
    value: NDArray[np.int64]
    reachable: NDArray[np.uint8]
