"""Which routes of the dialect a judged exchange has met: for walks, none of which may leave one out."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from urllib.parse import urlsplit

from octavo.kernel.http import Route
from octavo.products.comms.wire.twilio.core import locate
from octavo.products.comms.wire.twilio.dialect import RESOURCES
from tests.wire.twilio.judging import Exchange

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


def left_out(resource: str, exchanges: Iterable[Exchange]) -> set[str]:
    """The routes of a resource that gave no answer that succeeds although they can, and those that did and cannot."""
    routes, met = {name_of(route) for route in ROUTES[resource]}, {succeeded(one) for one in exchanges}
    return (routes - met) ^ (routes & NEVER)


def succeeded(exchange: Exchange) -> str | None:
    """The name of the route that gave this answer, where it is the one that it gives when all is well."""
    parts = urlsplit(exchange.url)
    route = answering(exchange.method, locate(parts.hostname or "", parts.path))
    is_well = route is not None and exchange.status == ELSEWHERE.get(name_of(route), route.status)
    return name_of(route) if route and is_well else None


@cache
def answering(method: str, path: str) -> Route | None:
    """An exact path goes before one with variables."""
    fitting = [route for route in ALL if route.method == method and pattern_of(route.path).fullmatch(path)]
    return min(fitting, key=lambda route: [part.startswith("{") for part in route.path.split("/")], default=None)


@cache
def pattern_of(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))


def name_of(route: Route) -> str:
    return f"{route.method} {route.path}"


ALL: Sequence[Route] = [route for routes in ROUTES.values() for route in routes]
