"""Every route of the dialect is an operation that the vendor documents, with a status that it documents."""

import re

import pytest

from octavo.kernel.http import Route
from octavo.products.comms.wire.twilio.dialect import TWILIO
from tests.wire.twilio.judge import documented_statuses

# What no document has: bytes that another address leads to, and one route for all kinds of numbers.
BESIDE = re.compile(r"/api/media/|.*/Deactivations/\{|.*/AvailablePhoneNumbers/\{country\w*\}/\{\w+\}$")
ROUTES = [route for route in TWILIO.routes if not BESIDE.match(route.path)]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_answers_as_documented(route: Route) -> None:
    _, host, path = route.path.split("/", 2)
    concrete = "/" + re.sub(r"\{\w+\}", "X1", path)
    statuses = documented_statuses(route.method, host, concrete) or documented_statuses(
        route.method, host, f"{concrete}.json"
    )
    assert statuses
    assert str(route.status) in statuses or list(statuses) == ["307"]
