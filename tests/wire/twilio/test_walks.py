"""The official Python SDK walks through every resource, and every route of it gives a judged answer that succeeds."""

from collections.abc import Callable

import pytest
from twilio.rest import Client

from octavo.products.comms.wire.twilio.dialect import RESOURCES
from tests.harness.running import RunningOctavo
from tests.wire.twilio.conftest import Credentials, RunningProxy, through
from tests.wire.twilio.judging import JudgingServer
from tests.wire.twilio.met import NEVER, ROUTES, left_out, name_of
from tests.wire.twilio.receiving import Receiver
from tests.wire.twilio.walks.ground import Ground
from tests.wire.twilio.walks.table import WALKS

pytestmark = pytest.mark.slow
# The proxy hands on bytes whatever they say, so one resource of each host shows that it does; with the Node SDK all go
# through it, and here in the long form.
BY_PROXY_TOO = {
    "accounts.credentials",
    "api.media",
    "lookups.phone_numbers",
    "messaging.services",
    "monitor.events",
    "pricing.prices",
    "verify.services",
}


def test_every_resource_has_a_walk() -> None:
    assert len(ROUTES) == len(RESOURCES)
    assert WALKS.keys() == ROUTES.keys()
    assert {name_of(route) for routes in ROUTES.values() for route in routes} > NEVER


@pytest.fixture
def ground(
    request: pytest.FixtureRequest,
    way: str,
    acme: Credentials,
    client_of: Callable[..., Client],
    receiver: Receiver,
    octavo: RunningOctavo,
    judged_dialect: JudgingServer,
) -> Ground:
    """By either way into Octavo: the client of ten lines, and the SDK's own through the proxy."""
    client = client_of if way == "client" else proxied(request.getfixturevalue("proxy"))
    parent = client(acme.sid, acme.auth_token)
    made = parent.api.accounts.create(friendly_name="of one walk")
    receiver.knows(str(made.sid), str(made.auth_token))
    own = client(made.sid, made.auth_token)
    return Ground(own, parent, client, receiver, octavo, judged_dialect.url)


def proxied(proxy: RunningProxy) -> Callable[..., Client]:
    return lambda sid, token: Client(sid, token, http_client=through(proxy))


@pytest.mark.parametrize(
    ("way", "resource"),
    [
        pytest.param(way, resource, marks=() if way == "client" or resource in BY_PROXY_TOO else pytest.mark.long)
        for way in ("client", "proxy")
        for resource in sorted(ROUTES)
    ],
)
def test_every_route_of_a_resource_succeeds_as_documented(
    resource: str, ground: Ground, judged_dialect: JudgingServer
) -> None:
    judged_dialect.take_exchanges()
    WALKS[resource](ground)
    assert left_out(resource, judged_dialect.take_exchanges()) == set()
