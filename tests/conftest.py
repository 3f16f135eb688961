"""What every room's tests share: real data, a free port, a browser that watches what a page does."""

import os
import shutil
import socket
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parent.parent

# The same examples in every run, so that a change is judged by itself; `--hypothesis-profile explore` looks further.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("quick", derandomize=True, deadline=None, max_examples=10)
settings.register_profile("explore", deadline=None, max_examples=2_000)
settings.load_profile("ci")

CHROMIUM_FLAGS = [
    "--no-sandbox",  # needed as root in a container
    "--disable-dev-shm-usage",
    "--disable-gpu",
    # stable screenshots
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--disable-lcd-text",
    # no traffic of its own, and what a page asks of another host never leaves the machine
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
AXE = "axe-core@4.14.1"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for the browser is a browser test, so that no one has to remember the mark."""
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data, which is never committed."""
    folder = Path(os.environ.get("RIPELINE_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("no real data here: RIPELINE_SHARED names no folder, and there is no ../shared")
    return folder


@pytest.fixture
def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """The distribution's browser, started once."""
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        pytest.skip("no chromium on the path")
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread; Django takes every query made beside it for one made inside.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, headless=True, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: "Browser") -> Iterator[Callable[..., "Page"]]:
    """Open a page: `open_page(width=390, height=844, color_scheme="dark", java_script_enabled=False, …)`.

    Further arguments are those of Playwright's `new_context`. When the test ends, none of its pages may have
    broken the content security policy, thrown an error, or asked another host for anything.
    """
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def opened(*, width: int = 1440, height: int = 900, **options: Any) -> "Page":
        context = chromium.new_context(
            viewport={"width": width, "height": height}, **{"reduced_motion": "reduce", **options}
        )
        context.set_default_timeout(30_000)
        context.expose_binding("reportViolation", lambda _, text: complaints.append(text))
        context.add_init_script(
            "addEventListener('securitypolicyviolation',"
            " event => reportViolation(`policy: ${event.violatedDirective} ${event.blockedURI} on ${location}`))"
        )
        context.on("weberror", lambda error: complaints.append(f"error: {error.error}"))
        context.on("request", lambda request: complaints.extend(foreign(request.url)))
        contexts.append(context)
        return context.new_page()

    yield opened
    for context in contexts:
        for page in context.pages:
            page.evaluate("0")  # what the page reported before this has arrived
        context.close()
    assert complaints == []


def foreign(url: str) -> Iterator[str]:
    """A complaint if `url` is not of this machine."""
    parts = urlsplit(url)
    if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname not in LOOPBACK:
        yield f"another host: {url}"


@pytest.fixture(scope="session")
def axe_source(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The script of axe-core, fetched once with npm and kept in pytest's cache where there is one."""
    cache: pytest.Cache | None = getattr(pytestconfig, "cache", None)
    script = (cache.mkdir(AXE.replace("@", "-")) if cache else tmp_path_factory.mktemp("axe")) / "axe.min.js"
    if not script.exists():
        fetch_axe(script)
    return script.read_text("utf-8")


def fetch_axe(script: Path) -> None:
    """Put the script into the cache in one move, so that tests running beside this one see all of it or nothing."""
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("no npm to fetch axe-core with")
    folder = script.with_suffix(f".{os.getpid()}")
    folder.mkdir()
    packed = subprocess.run(
        [npm, "pack", "--silent", AXE], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )
    if packed.returncode:
        pytest.skip(f"npm could not fetch {AXE}: {packed.stderr.strip()[-200:]}")
    with tarfile.open(folder / packed.stdout.split()[-1]) as archive:
        archive.extract("package/axe.min.js", folder, filter="data")
    (folder / "package/axe.min.js").replace(script)
    shutil.rmtree(folder)


@pytest.fixture
def accessibility_problems(axe_source: str) -> Callable[["Page"], list[str]]:
    """What axe finds wrong with a page as it stands: `rule: where`, one line a place."""

    def problems(page: "Page") -> list[str]:
        page.evaluate(axe_source)
        found = page.evaluate("tags => axe.run({runOnly: tags})", AXE_TAGS)
        return [f"{rule['id']}: {node['target']}" for rule in found["violations"] for node in rule["nodes"]]

    return problems
