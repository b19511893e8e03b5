"""Every route of the dialect is an operation that the vendor documents, with a status that it documents."""

import pytest

from octavo.kernel.http import Route
from tests.wire.twilio.judge import documented_statuses
from tests.wire.twilio.served import ROUTES, concrete_path


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_answers_as_documented(route: Route) -> None:
    statuses = documented_statuses(route.method, *concrete_path(route))
    assert statuses
    assert str(route.status) in statuses or list(statuses) == ["307"]
