"""Live visitors of the demo company: a trickle of messages through the same door as everybody's."""

import base64
import json
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from http.client import HTTPException
from random import Random
from threading import Event as Signal

from ripeline.demo.company.journeys import visit
from ripeline.demo.company.messages import Browser, Message, Scribe
from ripeline.demo.company.people import person

SECONDS_BETWEEN = 7.0
ASKS_FOR_A_DEMO = 0.02
FIRST_LIVE_NUMBER = 100_000  # beyond everybody in the history
_direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # the door stands on this very machine


def trickle(door: str, write_key: str, *, now: Callable[[], datetime], stopped: Signal, random: Random) -> None:
    """Post a message every few seconds until `stopped`; a door that does not answer is tried again later."""
    for message in arrivals(now=now, random=random):
        if stopped.wait(random.expovariate(1 / SECONDS_BETWEEN)):
            return
        post(door, write_key, {**message.body, "timestamp": now().isoformat()})


def arrivals(*, now: Callable[[], datetime], random: Random) -> Iterator[Message]:
    """Visits without end: most stay unknown, some leave their details, few ask for a demo at once."""
    number = FIRST_LIVE_NUMBER + random.randrange(1_000_000)
    while True:
        number += 1
        scribe, browser, somebody = Scribe(random), Browser(random), person(number, random)
        at = visit(scribe, browser, somebody.persona, now(), random) + timedelta(seconds=30)
        if random.random() < 0.15:
            scribe.identify(at, browser, somebody, "/resources")
            scribe.track(at, browser, "Content Downloaded", "/resources", content="Freight tender checklist")
        if random.random() < ASKS_FOR_A_DEMO:
            scribe.identify(at, browser, somebody, "/demo")
            scribe.track(at, browser, "Demo Requested", "/demo", form_name="Demo request")
        yield from scribe.messages


def post(door: str, write_key: str, body: dict[str, object]) -> bool:
    """Whether the door took the message."""
    request = urllib.request.Request(f"{door}/v1/batch", json.dumps({"batch": [body]}).encode())  # noqa: S310 - http
    request.add_header("Authorization", "Basic " + base64.b64encode(f"{write_key}:".encode()).decode())
    try:
        with _direct.open(request, timeout=10) as response:
            return bool(response.status == 200)
    except (OSError, HTTPException):
        return False
