"""docs/reference/ingest.md tells what the code does."""

import re
from pathlib import Path

import pytest

from ripeline.events.batches import MOST_MESSAGES
from ripeline.events.decode import MOST_CONSENTS, MOST_EXTERNAL_IDS, MOST_FACTS
from ripeline.events.ids import LONGEST_ID, LONGEST_MESSAGE_ID
from ripeline.events.names import LONGEST_NAME
from ripeline.events.reading import FIELDS
from ripeline.events.reason import Reason, explained
from ripeline.events.wire import DEEPEST, LARGEST_MESSAGE
from ripeline.scoring.tables import MOST_UNREAD
from ripeline.server.ingest import answers, beside, cloud_requests
from ripeline.server.ingest.answers import Answer
from ripeline.server.ingest.door import Limits
from ripeline.server.ingest.paths import PATHS, other_place
from ripeline.server.log.profile import MOST_KNOWN

PAGE = (Path(__file__).resolve().parents[2] / "docs/reference/ingest.md").read_text("utf-8")


def test_every_reason_stands_there_with_its_sentence() -> None:
    told = dict(re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", PAGE, re.MULTILINE))

    assert told == {reason.value: explained(reason) for reason in Reason}


def test_every_path_stands_there() -> None:
    told = set(re.findall(r"`(?:POST )?(/(?:beacon/)?v1/[\w/]+)`", PAGE)) - {"/v1/m"}

    assert told == {path.rstrip("/") for path in PATHS} | {"/v1/cloudevents", "/v1/in/NAME"}
    assert all(other_place(path) for path in re.findall(r"`GET (/[^?`]+)", PAGE))


@pytest.mark.parametrize(
    "limit",
    [
        f"unpacked | {Limits().body // 2**20} MiB",
        f"in a batch | {MOST_MESSAGES:,}",
        f"a message | {LARGEST_MESSAGE // 1024} KiB",
        f"of a message | {DEEPEST} levels",
        f"`messageId` | {LONGEST_MESSAGE_ID} characters",
        f"the name of an event | {LONGEST_ID} characters",
        f"traits of a message, nested ones each | {MOST_FACTS:,}",
        f"the newest | {MOST_KNOWN:,}",
        f"count as news | {MOST_UNREAD:,}",
        f"external ids of a message | {MOST_EXTERNAL_IDS}",
        f"of one write key a second, on the average | {Limits().messages_per_second:,.0f}",
        f"at once after a quiet time | {Limits().burst:,.0f}",
        f"whether there is consent | {MOST_CONSENTS}",
        f"complete within | {Limits().body_seconds:.0f} seconds",
    ],
)
def test_the_limits_are_the_codes(limit: str) -> None:
    assert limit in PAGE
    assert LONGEST_NAME == LONGEST_ID


def test_every_answer_stands_there_with_its_code() -> None:
    told = [*vars(answers).values(), *vars(beside).values(), *vars(cloud_requests).values()]
    failures = [reply for reply in told if isinstance(reply, Answer) and reply.status != 200]

    assert failures
    for reply in failures:
        code = reply.body.split(b'"')[3].decode()
        assert re.search(rf"\b{reply.status} `.*\b{code}`", PAGE), code


def test_every_field_a_condition_reads_stands_there() -> None:
    assert [field for field in FIELDS if f"`{field}`" not in PAGE] == []
