"""The SDKs that companies build into their own programs, unchanged but for host and key."""

import signal

import pytest
from tests.sdks.checks import check_held, check_lead
from tests.sdks.conftest import SERVER_SDKS, Sdk, Sending, given_up
from tests.sdks.journeys import on_servers
from tests.sdks.product import Product
from tests.sdks.wire import FAULTS, STORED_AND_FAILED, Fault, Wire, carrying

pytestmark = pytest.mark.slow

# What it meets is the same for all; that a server told to stop answers what it has in hand is seen with two.
RESTARTS = [(sdk, signal.SIGKILL) for sdk in SERVER_SDKS] + [(sdk, signal.SIGTERM) for sdk in SERVER_SDKS[::3]]
every_sdk = pytest.mark.parametrize("sdk", SERVER_SDKS, ids=lambda sdk: sdk.name)


@every_sdk
def test_what_an_sdk_tells_of_a_person_is_known_of_one_lead(sdk: Sdk, product: Product, sending: Sending) -> None:
    person = on_servers()

    assert given_up(sending(sdk, person.calls, product.url)) == []
    check_lead(product, person)


@every_sdk
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_after_a_short_fault_every_event_is_there_once(
    sdk: Sdk, fault: Fault, product: Product, sending: Sending
) -> None:
    person, wire = on_servers(), Wire(product.port, fault=fault)
    with carrying(wire) as address:
        lost = given_up(sending(sdk, person.calls, address))

    assert lost == []
    assert set(wire.told) == {200, fault.status}
    check_held(product, wire, person)


@pytest.mark.parametrize(("sdk", "how"), RESTARTS, ids=lambda given: given.name)
def test_after_a_restart_in_the_middle_every_event_is_there_once(
    sdk: Sdk, how: signal.Signals, product: Product, sending: Sending
) -> None:
    person = on_servers()
    wire = Wire(product.port, upon=lambda number: product.stop(how) if number == 2 else None)
    with carrying(wire) as address:
        program = sending(sdk, person.calls, address, at_once=3)
        wire.wait_until(lambda: wire.found_nobody > 0, "the SDK tries again while no server is there")
        product.start()
        lost = given_up(program)

    assert lost == []
    check_held(product, wire, person)


@every_sdk
def test_what_an_sdk_gave_up_on_though_it_was_stored_is_there_once(
    sdk: Sdk, product: Product, sending: Sending
) -> None:
    person, wire = on_servers(), Wire(product.port, fault=STORED_AND_FAILED._replace(times=100))
    with carrying(wire) as address:
        lost = given_up(sending(sdk, person.calls, address, retries=1))

    assert lost == person.labels
    assert set(wire.told) == {500}
    check_held(product, wire, person)
