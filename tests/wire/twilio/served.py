"""The routes of the dialect for which the vendor has an operation."""

import re

from octavo.kernel.http import Route
from octavo.products.comms.wire.twilio.dialect import TWILIO

# Bytes that another address leads to are in no document.
BESIDE = re.compile(r"/api/media/|.*/Deactivations/\{")
ROUTES = [route for route in TWILIO.routes if not BESIDE.match(route.path)]


def concrete_path(route: Route) -> tuple[str, str]:
    """The vendor's host, and the path with something in each of its places. Kinds of numbers are alike."""
    _, host, path = route.path.replace("{kind}", "Local").split("/", 2)
    return host, "/" + re.sub(r"\{\w+\}", "X1", path) + (".json" if host == "api" else "")
