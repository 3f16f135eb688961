"""The SDKs of sites in a real browser, on pages of another origin, unchanged but for host and key."""

import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page
from tests.sdks.checks import check_held, check_lead
from tests.sdks.journeys import in_a_browser
from tests.sdks.product import Product
from tests.sdks.shop import BROWSER_SDKS, SEGMENT_JS, BrowserSdk, shopping, visit
from tests.sdks.wire import FAULTS, PATIENCE_SECONDS, Fault, Wire, carrying

pytestmark = pytest.mark.slow

every_sdk = pytest.mark.parametrize("sdk", BROWSER_SDKS, ids=lambda sdk: sdk.name)
OpenPage = Callable[..., Page]


@every_sdk
def test_what_a_page_tells_of_a_visitor_is_known_of_one_lead(
    sdk: BrowserSdk, node_modules: Path, product: Product, open_page: OpenPage
) -> None:
    visitor, wire = in_a_browser(), Wire(product.port)
    with shopping(node_modules, sdk) as shop, carrying(wire) as host:
        page = sdk.opened(open_page(), shop, product.write_key, host)
        visit(page, visitor.calls)
        wire.wait_until(lambda: len(wire.accepted) == len(visitor.calls), "all is answered")

    viewed = check_lead(product, visitor)["page"]
    assert (viewed["user_id"], viewed["context"]["page"]["path"]) == (None, "/pricing")
    assert viewed["context"]["campaign"] == {"source": "news", "medium": "email"}


@every_sdk
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_after_a_short_fault_every_event_of_a_page_is_there_once(
    sdk: BrowserSdk, fault: Fault, node_modules: Path, product: Product, open_page: OpenPage
) -> None:
    visitor, wire = in_a_browser(), Wire(product.port, fault=fault)
    with shopping(node_modules, sdk) as shop, carrying(wire) as host:
        page = sdk.opened(open_page(), shop, product.write_key, host)
        visit(page, visitor.calls)
        wire.wait_until(lambda: len(wire.accepted) == len(visitor.calls), "all is answered")

    assert set(wire.told) == {200, fault.status}
    check_held(product, wire, visitor)


@every_sdk
def test_after_a_restart_in_the_middle_every_event_of_a_page_is_there_once(
    sdk: BrowserSdk, node_modules: Path, product: Product, open_page: OpenPage
) -> None:
    visitor = in_a_browser()
    wire = Wire(product.port, upon=lambda number: product.stop(signal.SIGKILL) if number == 2 else None)
    with shopping(node_modules, sdk) as shop, carrying(wire) as host:
        page = sdk.opened(open_page(), shop, product.write_key, host)
        visit(page, visitor.calls)
        wire.wait_until(lambda: wire.found_nobody > 0, "the SDK tries again while no server is there")
        product.start()
        wire.wait_until(lambda: len(wire.accepted) == len(visitor.calls), "all is answered")

    check_held(product, wire, visitor)


def test_an_event_that_is_sent_again_because_the_visitor_went_on_to_another_page_is_there_once(
    node_modules: Path, product: Product, open_page: OpenPage
) -> None:
    visitor, taken, left = in_a_browser(), threading.Event(), threading.Event()

    def answer_late(number: int) -> None:
        taken.set()
        left.wait(PATIENCE_SECONDS)

    wire = Wire(product.port, upon=answer_late)
    with shopping(node_modules, SEGMENT_JS) as shop, carrying(wire) as host:
        page = SEGMENT_JS.opened(open_page(), shop, product.write_key, host)
        page.evaluate("word => { analytics.track('Demo Requested', {run: word}) }", visitor.word)
        assert taken.wait(PATIENCE_SECONDS)
        SEGMENT_JS.opened(page, shop, product.write_key, host)
        left.set()
        wire.wait_until(lambda: wire.told == [200, 200], "it is sent again")

    assert [event.label for event in product.held(visitor.word)] == ["Demo Requested"]
