"""What a page costs at 10,000 leads: each page of the console of a real `ripeline serve`, against the budget of UI.md.

    python benchmarks/pages.py                  the bar: 10,000 leads and 22,000 visitors, some hundred of them waiting
    python benchmarks/pages.py --scale 0.1      a quick look
    python benchmarks/pages.py --browser        also from a key pressed to the next lead on screen, in chromium

CPU is that of the server with all its threads, and wall the time to the whole answer: the best of five each, because
others use this machine too; `first` is the wall of a page nobody asked for since the start. Statements are counted in
this process, over the same workspace, once the server is gone. Exit 1: a budget is missed.
"""

import argparse
import gzip
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import msgspec

from ripeline.cli.demo import EVENTS_A_COMMAND, recorded
from ripeline.demo.company.history import DEFINITION, history
from ripeline.demo.company.staff import SIGNED, STAFF
from ripeline.events.decode import decode
from ripeline.events.event import Event
from ripeline.server.founding import found
from ripeline.server.log.commands import ImportHistory, Publish, Signature
from ripeline.server.workspace import Workspace, opened

HERE = Path(__file__).parent
SCALE, ROUNDS = 2.1, 5  # times the demo company's 5,000 leads
UNANSWERED = timedelta(days=20)  # what became an MQL since then still waits
HEAVY = (2_000, 10_000)  # events of the leads who cannot let go
SEEN = 2_000  # events of a lead that a budget is asked of: longer histories are told for comparison
REP = next(colleague.email for colleague in STAFF if colleague.team == "sales")
CPU_MS, HTML_KB, STATIC_KB, KEY_MS = 50.0, 12.0, 35.0, 150.0  # UI.md §11


class Page(NamedTuple):
    """An address and what it is called here; `fragment` is asked for as htmx does, and what is not `judged` is told."""

    title: str
    path: str
    fragment: str = ""
    judged: bool = True


class Cost(NamedTuple):
    """Milliseconds, bytes and statements of one page."""

    first: float
    cpu: float
    wall: float
    zipped: int
    statements: int = 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=float, default=SCALE, help="times the demo company's 5,000 leads")
    parser.add_argument("--browser", action="store_true", help="also press keys in chromium")
    parser.add_argument("--folder", type=Path, default=HERE.parent / "build" / "bench")
    told = parser.parse_args()
    home = stored(told.folder, told.scale)
    pages = list(pages_of(home))
    with served(home) as (pid, address):
        cookie = signed_in(address, (home / "password").read_text())
        costs = {page: cost(pid, address, page, cookie) for page in pages}
        kept = [assets(address, cookie)]
        if told.browser:
            kept.append(keys(address, cookie))
    asked = statements(home, pages)
    for page, paid in costs.items():
        kept.append(report(page, paid._replace(statements=asked[page])))
    sys.exit(not all(kept))


def report(page: Page, paid: Cost) -> bool:
    """One line a page; whether it keeps its budget."""
    kept = not page.judged or (paid.cpu <= CPU_MS and paid.zipped <= HTML_KB * 1000)
    print(
        f"{page.title:34} {paid.cpu:6.1f} ms CPU, {paid.wall:6.1f} ms wall, first {paid.first:6.1f} ms,"
        f" {paid.zipped / 1000:5.1f} kB gzipped, {paid.statements:3} statements{'' if kept else '   BUDGET MISSED'}",
        flush=True,
    )
    return kept


# --- the workspace ---------------------------------------------------------------------------------------------------


def stored(folder: Path, scale: float) -> Path:
    """The workspace, made now if it is not there from before."""
    home = folder / f"pages-{scale:g}"
    if not (home / "password").exists():
        shutil.rmtree(home, ignore_errors=True)
        found(home, definition=DEFINITION)
        with opened(home, now=_now) as workspace:
            _fill(workspace, scale)
            password = _staffed()
        (home / "password").write_text(password)
    return home


def _fill(workspace: Workspace, scale: float) -> None:
    """Half a year of a larger demo company, whose sales answered nobody of late; and the leads with long histories."""
    end = _now()
    signatures = tuple(Signature(team=team, name=name) for team, name in SIGNED.items())
    workspace.submit(Publish(text=DEFINITION.read_text("utf-8"), signatures=signatures, at=end)).result()
    lived = history(end=end, scale=scale)
    acts = recorded([decision for decision in lived.decisions if decision.at <= end - UNANSWERED])
    for first in range(0, len(lived.events), EVENTS_A_COMMAND):
        part = lived.events[first : first + EVENTS_A_COMMAND]
        last = first + EVENTS_A_COMMAND >= len(lived.events)
        until = end if last else part[-1].occurred_at
        due = [act for act in acts if act.at <= until]
        acts = acts[len(due) :]
        workspace.submit(ImportHistory(events=part, acts=due, as_lived=True, end=end if last else None)).result()
    for count in HEAVY:
        workspace.submit(ImportHistory(events=_long(count, end), as_lived=True)).result()


def _long(count: int, end: datetime) -> list[Event]:
    """Somebody who says who they are and then looks at so many pages, over half a year."""
    name, step = f"busy-{count}", timedelta(days=180) / count
    facts = {"email": f"{name}@firm.example", "name": name, "title": "Head of Logistics"}
    told: list[dict[str, Any]] = [{"type": "identify", "traits": facts}]
    for number in range(1, count):
        path = ("/pricing", "/product", "/customers/alba", "/blog/co2")[number % 4]
        told.append({"type": "page", "properties": {"path": path}, "context": {"page": {"path": path}}})
    return [
        _decoded({**message, "userId": name, "messageId": f"{name}-{number}"}, end - step * (count - number))
        for number, message in enumerate(told)
    ]


def _decoded(message: dict[str, Any], at: datetime) -> Event:
    event = decode(msgspec.json.encode({**message, "timestamp": at}), source="site", received_at=at)
    assert isinstance(event, Event)
    return event


def _staffed() -> str:
    """Adds the demo company's people; the rep's password."""
    from ripeline.server.people import actions

    passwords = {
        colleague.email: actions.add(
            email=colleague.email,
            name=colleague.name,
            team=colleague.team,
            administrator=colleague.administers,
            at=_now(),
        )[1]
        for colleague in STAFF
    }
    return passwords[REP]


def pages_of(home: Path) -> Iterator[Page]:
    """The pages to ask for: the lists, and leads with usual and with long histories."""
    with opened(home, now=_now):
        from ripeline.server.log import queries

        waiting = queries.waiting(now=_now())
        usual = min(waiting, key=lambda lead: abs(len(queries.history(lead.lead)) - 30)).lead
        heavy = {count: queries.leads(user_id=f"busy-{count}").items[0].id for count in HEAVY}
        print(f"{queries.leads(visitors=False).total:,} leads, {queries.leads().total:,} with visitors,"
              f" {len(waiting)} waiting", flush=True)  # fmt: skip
    yield Page("inbox", "/inbox/")
    yield Page("inbox, mine", "/inbox/?mine=1")
    yield Page("inbox, its list again", f"/inbox/rows/?lead={usual}", "waiting-list")
    yield Page("inbox, next lead (30 events)", f"/inbox/{usual}/", "chosen")
    yield Page("lead (30 events)", f"/leads/{usual}/")
    for count, lead in heavy.items():
        is_seen = count <= SEEN
        yield Page(f"inbox, next lead ({count:,} events)", f"/inbox/{lead}/", "chosen", judged=is_seen)
        yield Page(f"lead ({count:,} events)", f"/leads/{lead}/", judged=is_seen)
    yield Page("leads", "/leads/")
    yield Page("leads, a search", "/leads/?q=head+of+nordhavn")
    yield Page("leads, by name", "/leads/?order=name")
    yield Page("search dialog", "/shell/search/?q=anna", "found")
    yield Page("definition", "/definition/")
    yield Page("settings, people", "/settings/people/")
    yield Page("settings, preferences", "/settings/preferences/")
    yield Page("settings, keys", "/settings/keys/")


# --- asking ----------------------------------------------------------------------------------------------------------


@contextmanager
def served(home: Path) -> Iterator[tuple[int, str]]:
    """A server over the workspace: its process and address, once it has nothing left to do."""
    environment = {**os.environ, "RIPELINE_WORKSPACE": str(home)}
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, home], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    try:
        address = process.stdout.readline().strip().rpartition("http://")[2]
        while _busy(process.pid):
            pass
        yield process.pid, address
    finally:
        process.terminate()
        process.wait(timeout=120)


def _busy(pid: int) -> bool:
    """Whether the server used more than a twentieth of a second: it loads the fold, or follows the log."""
    before = cpu_ms(pid)
    time.sleep(1)
    return cpu_ms(pid) - before > 50


def cpu_ms(pid: int) -> float:
    """CPU of a process with all its threads, by the clock that Linux keeps for it."""
    return time.clock_gettime((~pid << 3) | 2) * 1000


def signed_in(address: str, password: str) -> str:
    """The cookie of the rep's session."""
    connection = HTTPConnection(address)
    connection.request("GET", "/sign-in/")
    answer = connection.getresponse()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
    assert token is not None
    form = urlencode({"email": REP, "password": password, "csrfmiddlewaretoken": token[1]})
    headers = {"Cookie": _cookies(answer.headers.get_all("Set-Cookie")), "Referer": f"http://{address}/"}
    connection.request("POST", "/sign-in/", form, {**headers, "Content-Type": "application/x-www-form-urlencoded"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 302, answer.status
    return _cookies(answer.headers.get_all("Set-Cookie"))


def _cookies(told: list[str] | None) -> str:
    return "; ".join(cookie.partition(";")[0] for cookie in told or ())


def cost(pid: int, address: str, page: Page, cookie: str) -> Cost:
    """What the page costs, asked for once and then five times."""
    first, _, _ = _asked(pid, address, page, cookie)
    rounds = [_asked(pid, address, page, cookie) for _ in range(ROUNDS)]
    walls, cpus, bodies = zip(*rounds, strict=True)
    return Cost(first, min(cpus), min(walls), len(bodies[-1]))


def _asked(pid: int, address: str, page: Page, cookie: str) -> tuple[float, float, bytes]:
    """Milliseconds by the clock, of the server's CPU, and what came, gzipped."""
    connection = HTTPConnection(address)
    connection.connect()
    cpu, wall = cpu_ms(pid), time.perf_counter()
    connection.request("GET", page.path, headers={"Cookie": cookie, "Accept-Encoding": "gzip", **_htmx(page)})
    answer = connection.getresponse()
    body = answer.read()
    wall = time.perf_counter() - wall
    time.sleep(0.02)  # what the server does after its answer belongs to it
    cpu = cpu_ms(pid) - cpu
    connection.close()
    assert answer.status == 200, (page, answer.status)
    return wall * 1000, cpu, body if answer.headers["Content-Encoding"] == "gzip" else gzip.compress(body)


def _htmx(page: Page) -> dict[str, str]:
    return {"HX-Request": "true", "HX-Target": page.fragment} if page.fragment else {}


def assets(address: str, cookie: str) -> bool:
    """Stylesheets and scripts of a page, gzipped, and whether any lies on another host."""
    connection = HTTPConnection(address)
    connection.request("GET", "/inbox/", headers={"Cookie": cookie})
    page = connection.getresponse().read().decode()
    loaded = re.findall(r'<(?:link rel="(?:stylesheet|icon)"[^>]*href|script[^>]*src|img[^>]*src)="([^"]+)"', page)
    elsewhere = [url for url in loaded if urlsplit(url).netloc]
    size = 0
    for url in loaded:
        if url.endswith((".css", ".js")):
            connection.request("GET", url, headers={"Accept-Encoding": "gzip"})
            size += len(connection.getresponse().read())
    kept = size <= STATIC_KB * 1000 and not elsewhere
    print(f"CSS and JS {size / 1000:.1f} kB gzipped, {len(elsewhere)} files of other hosts", flush=True)
    return kept


def keys(address: str, cookie: str) -> bool:
    """From J pressed in the inbox to the next lead on screen, the best of five."""
    from playwright.sync_api import sync_playwright

    told = [pair.split("=", 1) for pair in cookie.split("; ")]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
        context.add_cookies([{"name": name, "value": value, "url": f"http://{address}"} for name, value in told])
        page = context.new_page()
        page.goto(f"http://{address}/inbox/")
        page.wait_for_selector("body[data-stream=open]")
        taken = []
        for _ in range(ROUNDS):
            page.evaluate(LISTEN)
            page.keyboard.press("j")
            taken.append(float(page.evaluate("() => window.swapped")))
        chromium.close()
    print(f"key pressed to the next lead on screen: {min(taken):.0f} ms", flush=True)
    return min(taken) <= KEY_MS


def statements(home: Path, pages: list[Page]) -> dict[Page, int]:
    """How many statements each page asks the two databases, the second time it is asked for."""
    with opened(home, now=_now):
        from django.test import Client

        from ripeline.server.people.models import User

        client = Client(headers={"host": "localhost"})
        client.force_login(User.objects.get(email=REP))

        def ask(page: Page) -> Callable[[], object]:
            return lambda: client.get(page.path, headers={name.lower(): said for name, said in _htmx(page).items()})

        return {page: counted(ask(page)) for page in pages}


def counted(ask: Callable[[], object]) -> int:
    """The statements that `ask` makes of the databases, once whatever is kept between requests is there."""
    from django.db import connections

    ask()
    seen: list[str] = []
    for alias in ("default", "log"):
        connections[alias].ensure_connection()
        connections[alias].connection.set_trace_callback(seen.append)
    ask()
    for alias in ("default", "log"):
        connections[alias].connection.set_trace_callback(None)
    return len(seen)


def _now() -> datetime:
    return datetime.now(UTC)


FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
# The policy of the pages forbids what is evaluated from text, so a promise is asked for, not a condition.
LISTEN = """() => {
  window.swapped = new Promise((swapped) => {
    document.addEventListener("keydown", () => {
      const pressed = performance.now();
      document.body.addEventListener("htmx:afterSwap", (event) => {
        if (event.detail.target.id === "chosen") requestAnimationFrame(() => swapped(performance.now() - pressed));
      });
    }, { capture: true, once: true });
  });
}"""
PROGRAM = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from ripeline.server.serve import run
run(Path(sys.argv[1]), port=0, now=lambda: datetime.now(UTC), say=lambda text: print(text, flush=True))
"""

if __name__ == "__main__":
    main()
