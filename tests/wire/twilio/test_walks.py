"""The official Python SDK walks through every resource, and every route of it gives a judged answer that succeeds."""

import re
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

import pytest
from twilio.rest import Client

from octavo.kernel.http import Route
from octavo.products.comms.wire.twilio.core import locate
from octavo.products.comms.wire.twilio.dialect import RESOURCES
from tests.harness.running import RunningOctavo
from tests.wire.twilio.conftest import Credentials, RunningProxy, through
from tests.wire.twilio.judging import Exchange, JudgingServer
from tests.wire.twilio.receiving import Receiver
from tests.wire.twilio.walks.ground import Ground
from tests.wire.twilio.walks.table import WALKS

pytestmark = pytest.mark.slow
ROOT = "octavo.products.comms.wire.twilio."
ROUTES = {resource.routes[0].handler.__module__.removeprefix(ROOT): resource.routes for resource in RESOURCES}
# Carriers lease short codes out and shops sell add-ons, and none is here: what is named is never found.
NEVER = {
    "GET /api/2010-04-01/Accounts/{account_sid}/SMS/ShortCodes/{short_code_sid}",
    "POST /api/2010-04-01/Accounts/{account_sid}/SMS/ShortCodes/{short_code_sid}",
    "POST /messaging/v1/Services/{service_sid}/ShortCodes",
    *(
        f"{method} /api/2010-04-01/Accounts/{{account_sid}}/IncomingPhoneNumbers/{{number_sid}}/AssignedAddOns{rest}"
        for method, rest in (
            ("POST", ""),
            ("GET", "/{add_on_sid}"),
            ("DELETE", "/{add_on_sid}"),
            ("GET", "/{add_on_sid}/Extensions"),
        )
    ),
}
# The file of a day lies elsewhere.
ELSEWHERE = {"GET /messaging/v1/Deactivations": 307}


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


def test_every_resource_has_a_walk() -> None:
    assert len(ROUTES) == len(RESOURCES)
    assert WALKS.keys() == ROUTES.keys()
    assert {name_of(route) for routes in ROUTES.values() for route in routes} > NEVER


@pytest.fixture(params=["client", "proxy"])
def ground(
    request: pytest.FixtureRequest,
    acme: Credentials,
    client_of: Callable[..., Client],
    receiver: Receiver,
    octavo: RunningOctavo,
    judged_dialect: JudgingServer,
) -> Ground:
    """By either way into Octavo: the client of ten lines, and the SDK's own through the proxy."""
    client = client_of if request.param == "client" else proxied(request.getfixturevalue("proxy"))
    parent = client(acme.sid, acme.auth_token)
    made = parent.api.accounts.create(friendly_name="of one walk")
    receiver.knows(str(made.sid), str(made.auth_token))
    own = client(made.sid, made.auth_token)
    return Ground(own, parent, client, receiver, octavo, judged_dialect.url)


def proxied(proxy: RunningProxy) -> Callable[..., Client]:
    return lambda sid, token: Client(sid, token, http_client=through(proxy))


@pytest.mark.parametrize("resource", sorted(ROUTES))
def test_every_route_of_a_resource_succeeds_as_documented(
    resource: str, ground: Ground, judged_dialect: JudgingServer
) -> None:
    judged_dialect.take_exchanges()
    WALKS[resource](ground)
    exchanges = judged_dialect.take_exchanges()
    silent = {name_of(route) for route in ROUTES[resource] if not any(succeeded(route, one) for one in exchanges)}
    assert silent == {name_of(route) for route in ROUTES[resource]} & NEVER


def succeeded(route: Route, exchange: Exchange) -> bool:
    """Whether this route, and no other, gave its answer."""
    if exchange.method != route.method or exchange.status != ELSEWHERE.get(name_of(route), route.status):
        return False
    parts = urlsplit(exchange.url)
    return route is answering(exchange.method, locate(parts.hostname or "", parts.path))


def answering(method: str, path: str) -> Route | None:
    """An exact path goes before one with variables."""
    fitting = [route for route in ALL if route.method == method and pattern_of(route).fullmatch(path)]
    return min(fitting, key=lambda route: [part.startswith("{") for part in route.path.split("/")], default=None)


def pattern_of(route: Route) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", route.path))


ALL: Sequence[Route] = [route for routes in ROUTES.values() for route in routes]
