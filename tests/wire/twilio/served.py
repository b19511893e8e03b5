"""The routes of the dialect for which the vendor has an operation."""

import re

from octavo.kernel.http import Route
from octavo.products.comms.wire.twilio.dialect import TWILIO

# What no document has: bytes that another address leads to, and one route for all kinds of numbers.
BESIDE = re.compile(r"/api/media/|.*/Deactivations/\{|.*/AvailablePhoneNumbers/\{country\w*\}/\{\w+\}$")
ROUTES = [route for route in TWILIO.routes if not BESIDE.match(route.path)]


def concrete_path(route: Route) -> tuple[str, str]:
    """The vendor's host, and the path with something in each of its places."""
    _, host, path = route.path.split("/", 2)
    return host, "/" + re.sub(r"\{\w+\}", "X1", path) + (".json" if host == "api" else "")
