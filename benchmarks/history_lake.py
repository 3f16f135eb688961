"""A lake to ask of: seeded events of two years, mirrored in the order of arrival, then sorted."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from time import process_time

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ripeline.batch.backfill import STATEMENTS, event_field, with_fields
from ripeline.batch.compaction import compact
from ripeline.batch.lake import Lake
from ripeline.batch.sealing import EVENT

SEED = 20_260_301
START = 1_704_067_200_000_000  # 2024-01-01
DAY = 86_400_000_000
DAYS = 730
IN_A_SEGMENT = 500_000

# Names with how often they come: the criteria's, and some that earn nothing.
NAMES = {
    "Page Viewed": 200, "Home Viewed": 100, "Blog Read": 60, "Features Viewed": 40, "Integrations Viewed": 15,
    "Case Study Read": 15, "Comparison Viewed": 12, "Documentation Read": 40, "Video Watched": 15,
    "Newsletter Opened": 60, "Email Link Clicked": 30, "Ad Clicked": 20, "Site Searched": 20, "Chat Started": 5,
    "Survey Answered": 3, "Careers Viewed": 12, "Newsletter Left": 3, "Content Downloaded": 12, "Webinar Booked": 5,
    "Webinar Attended": 3, "Fair Conversation": 1, "Form Submitted": 6, "Callback Requested": 2, "Calculator Used": 5,
    "Quote Viewed": 3, "Demo Watched": 3, "Colleague Invited": 1, "Review Read": 8, "Complaint Sent": 1,
    "Trial Started": 2, "Plan Chosen": 2, "Signed In": 60, "Project Created": 8, "File Imported": 6,
    "Report Built": 10, "Teammate Added": 3, "Report Exported": 8, "API Called": 40, "Trial Cancelled": 1,
    "Order Completed": 6, "Product Added": 20, "Checkout Started": 8, "Order Returned": 1, "Invoice Overdue": 1,
    "Review Written": 1, "Session Started": 90, "Banner Seen": 40, "Scrolled": 30, "Cookie Accepted": 10,
    "Language Chosen": 3,
}  # fmt: skip
PATHS = [f"/{folder}/{page}" for folder in ("docs", "blog", "pricing", "product", "careers") for page in range(60)]
PLANS = ["free", "team", "pro", "enterprise"]
READ = [event_field("amount"), event_field("path"), event_field("plan"), STATEMENTS]
SCHEMA = with_fields(
    pa.schema(
        [
            *EVENT,
            (f"{event_field('amount')}:number", pa.float64()),
            (f"{event_field('path')}:text", pa.string()),
            (f"{event_field('plan')}:text", pa.string()),
        ]
    ),
    READ,
)


def made(folder: Path, *, events: int, leads: int) -> Lake:
    """The lake of so many events in `folder`, from before if it is there."""
    home, note = folder / f"lake-{events}-{leads}", _note(folder, events, leads)
    if not note.exists():
        shutil.rmtree(home, ignore_errors=True)
        lake = Lake(home)
        for table in segments(events, leads):
            lake.mirror_table(table)
        before = process_time()
        compact(lake)
        note.write_text(f"{process_time() - before:.2f} CPU seconds to sort\n")
    return Lake(home)


def sorting_cost(folder: Path, events: int, leads: int) -> float:
    """The CPU seconds that sorting the lake took when it was made."""
    return float(_note(folder, events, leads).read_text().split()[0])


def _note(folder: Path, events: int, leads: int) -> Path:
    return folder / f"lake-{events}-{leads}.txt"


def segments(events: int, leads: int) -> Iterator[pa.Table]:
    """The events in the order in which they happened, as the mirror would be given them."""
    random = np.random.default_rng(SEED)
    at, lead = _arrivals(random, events, leads)
    weights = np.array(list(NAMES.values()), float)
    for start in range(0, events, IN_A_SEGMENT):
        part = slice(start, min(start + IN_A_SEGMENT, events))
        names = random.choice(len(NAMES), len(at[part]), p=weights / weights.sum())
        yield _segment(random, at[part], lead[part], names, start + 1)


def _arrivals(random: np.random.Generator, events: int, leads: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Instants and leads: most come a few times, some for months; who came first has the lowest number."""
    liveliness = random.lognormal(0, 1.2, leads)
    counts = 1 + random.multinomial(events - leads, liveliness / liveliness.sum())
    born = np.sort(random.integers(0, (DAYS - 60) * DAY, leads))
    lead = np.repeat(np.arange(1, leads + 1), counts)
    stay = np.minimum(random.exponential(90 * DAY, leads), DAYS * DAY - born).astype(np.int64)
    at = START + born[lead - 1] + (random.random(events) ** 1.5 * stay[lead - 1]).astype(np.int64)
    order = np.argsort(at, kind="stable")
    return at[order], lead[order]


def _segment(
    random: np.random.Generator,
    at: NDArray[np.int64],
    lead: NDArray[np.int64],
    names: NDArray[np.int64],
    first: int,
) -> pa.Table:
    count, spelled = len(at), list(NAMES)
    path = _where(names == spelled.index("Page Viewed"), pa.array(PATHS).take(random.zipf(1.3, count) % len(PATHS)))
    plan = _where(names == spelled.index("Plan Chosen"), pa.array(PLANS).take(random.integers(0, len(PLANS), count)))
    bought = np.isin(names, [spelled.index(name) for name in ("Order Completed", "Product Added", "Checkout Started")])
    amount = _where(bought, pa.array(np.round(random.lognormal(5, 1, count), 2)))
    seq = pa.array(np.arange(first, first + count))
    message_id = _joined("m-", seq.cast(pa.string()), "-", pa.array(random.integers(0, 2**31, count)).cast(pa.string()))
    kind = pa.array(np.where(names == spelled.index("Page Viewed"), "page", "track"))
    name = pa.array(spelled).take(names)
    columns = {
        "identity": pa.array(lead),
        "occurred_at": pa.array(at),
        "source": pa.repeat("site", count),
        "message_id": message_id,
        "seq": seq,
        "received_at": pa.array(at + 1_000_000),
        "kind": kind,
        "name": name,
        "body": _bodies([message_id, kind, name, pa.array(lead).cast(pa.string())], path, plan, amount),
        f"{event_field('amount')}:number": amount,
        f"{event_field('path')}:text": path,
        f"{event_field('plan')}:text": plan,
    }
    return pa.Table.from_arrays([columns[field.name].cast(field.type) for field in SCHEMA], schema=SCHEMA)


def _bodies(head: list[pa.Array], path: pa.Array, plan: pa.Array, amount: pa.Array) -> pa.Array:
    """The whole messages, as a site would have sent them."""
    message_id, kind, name, user = head
    told = [
        pc.binary_join_element_wise('"path":"', path, '"', ""),
        pc.binary_join_element_wise('"plan":"', plan, '"', ""),
        pc.binary_join_element_wise('"amount":', amount.cast(pa.string()), ""),
    ]
    properties = pc.coalesce(*told, pa.scalar(""))
    start = _joined('{"type":"', kind, '","messageId":"', message_id, '","event":"', name, '","userId":"u', user)
    return _joined(start, '","properties":{', properties, "}}")


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _where(holds: NDArray[np.bool_], values: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(holds), values, pa.scalar(None, values.type))
