"""A shop on another origin than Ripeline, whose pages load an SDK as npm delivers it."""

import mimetypes
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from playwright.sync_api import Page
from tests.ingest.recorder import serving
from tests.sdks.journeys import ADDRESS, Call

from ripeline.server.ingest.answers import NOT_FOUND, Answer, answer

PAGE = (
    '<!doctype html><html lang="en"><title>Shop</title><link rel="icon" href="data:,"><script src="/sdk/{}"></script>'
)
SEGMENT = """([key, host, settings]) => {
    const before = {writeKey: key, cdnSettings: {integrations: {"Segment.io": {apiKey: key}}}};
    const segment = {apiHost: host.replace("http://", "") + "/v1", protocol: "http", ...settings};
    window.analytics = AnalyticsNext.AnalyticsBrowser.load(before, {integrations: {"Segment.io": segment}});
}"""
RUDDERSTACK = """([key, host, options]) => {
    const source = {id: "s", name: "site", writeKey: key, enabled: true, workspaceId: "w", destinations: [],
        config: {statsCollection: {errors: {enabled: false}, metrics: {enabled: false}}}};
    window.analytics = new rudderanalytics.RudderAnalytics();
    analytics.load(key, host, {getSourceConfig: () => ({source}), ...options});
}"""
CALL = "calls => Promise.all(calls.map(([name, ...told]) => analytics[name](...told))).then(() => null)"


class BrowserSdk(NamedTuple):
    """An SDK of a site: its folder below node_modules, its script there, and how a page loads it."""

    name: str
    folder: str
    script: str
    load: str
    options: Mapping[str, Any] = MappingProxyType({})

    def opened(self, page: Page, shop: str, key: str, host: str) -> Page:
        """The visitor opens the pricing page in `page`, and it loads the SDK."""
        page.goto(shop + ADDRESS)
        page.evaluate(self.load, [key, host, dict(self.options)])
        return page


BATCHING = {"deliveryStrategy": {"strategy": "batching", "config": {"size": 4, "timeout": 50}}}
SOON = {"minRetryDelay": 100}  # its own second is long for a test
SEGMENT_JS = BrowserSdk("analytics-next", "@segment/analytics-next/dist/umd", "index.js", SEGMENT)
RUDDERSTACK_JS = BrowserSdk(
    "RudderStack JS", "@rudderstack/analytics-js/dist/npm/modern/bundled/umd", "index.js", RUDDERSTACK,
    {"queueOptions": SOON},
)  # fmt: skip
BROWSER_SDKS = (
    SEGMENT_JS,
    SEGMENT_JS._replace(name="analytics-next, batching", options=BATCHING),
    RUDDERSTACK_JS,
    RUDDERSTACK_JS._replace(
        name="RudderStack JS, batching",
        options={"queueOptions": SOON | {"batch": {"enabled": True, "maxItems": 4, "flushInterval": 50}}},
    ),
)


@contextmanager
def shopping(node_modules: Path, sdk: BrowserSdk) -> Iterator[str]:
    """The address of a shop whose every page loads the script of `sdk`."""

    async def shop(scope: Any, _receive: Any, send: Any) -> None:
        path = scope["path"]
        if not path.startswith("/sdk/"):
            await answer(send, Answer(200, PAGE.format(sdk.script).encode(), content_type=b"text/html"), ())
            return
        file = node_modules / sdk.folder / Path(path).name
        kind = mimetypes.guess_type(path)[0] or "text/plain"
        found = file.is_file()
        await answer(send, Answer(200, file.read_bytes(), content_type=kind.encode()) if found else NOT_FOUND, ())

    with serving(shop) as address:
        yield address


def visit(page: Page, calls: list[Call]) -> None:
    """The page makes `calls` as a site's own script does, those before an identify call on their own.

    Returns once each was sent for the first time, as far as the SDK tells.
    """
    known_from = next(place for place, call in enumerate(calls) if call["type"] == "identify")
    for made in (calls[:known_from], calls[known_from:]):
        page.evaluate(CALL, [spoken(call) for call in made])


def spoken(call: Call) -> list[Any]:
    """A call as it is written on a page."""
    match call:
        case {"type": "track", "event": name, "properties": told} | {"type": "page", "name": name, "properties": told}:
            return [call["type"], name, told]
        case {"type": "identify", "userId": id, "traits": told} | {"type": "group", "groupId": id, "traits": told}:
            return [call["type"], id, told]
        case _:
            return [call["type"], call["userId"], call["previousId"]]
