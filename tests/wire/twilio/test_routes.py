"""Every route of the dialect is an operation that the vendor documents: its statuses, and its parameters."""

from typing import get_type_hints

import msgspec
import pytest

from octavo.kernel.http import Route
from octavo.products.comms.wire.twilio.core._params import pascal
from tests.wire.twilio.judge import documented_parameters, documented_statuses
from tests.wire.twilio.served import ROUTES, concrete_path

# What changes nothing here, by the end of the operation's name. A filter is never among it.
UNREAD = {
    # There is one version of the API.
    "POST /IncomingPhoneNumbers": {"ApiVersion"},
    "POST /IncomingPhoneNumbers/Local": {"ApiVersion"},
    "POST /IncomingPhoneNumbers/TollFree": {"ApiVersion"},
    "POST /IncomingPhoneNumbers/Mobile": {"ApiVersion"},
    "POST /IncomingPhoneNumbers/{number_sid}": {"ApiVersion"},
    # The vendor's guards, shorteners and other channels, and hints to its carriers. Of MaxPrice its own document says
    # that it has no effect any more.
    "POST /Messages": {
        "Attempt",
        "FallbackFrom",
        "ForceDelivery",
        "MaxPrice",
        "PersistentAction",
        "ProvideFeedback",
        "RiskCheck",
        "ShortenUrls",
        "TrafficType",
    },
    "POST /Verifications": {
        "ChannelConfiguration",
        "CustomMessage",
        "DeviceIp",
        "EnableSnaClientToken",
        "RiskCheck",
        "Tags",
    },
    "POST /VerificationCheck": {"SnaClientToken"},
    # Factors of other kinds than codes are refused.
    "POST /Factors": {
        "Binding.Alg",
        "Binding.PublicKey",
        "Config.AppId",
        "Config.NotificationPlatform",
        "Config.NotificationToken",
        "Config.SdkVersion",
    },
    "POST /Factors/{factor_sid}": {"Config.NotificationPlatform", "Config.NotificationToken", "Config.SdkVersion"},
    # There is nothing to filter or to change: these are always empty, or always the same.
    "POST /AssignedAddOns": {"InstalledAddOnSid"},
    "GET /SMS/ShortCodes": {"FriendlyName", "ShortCode"},
    "POST /SMS/ShortCodes/{short_code_sid}": {
        "ApiVersion",
        "FriendlyName",
        "SmsFallbackMethod",
        "SmsFallbackUrl",
        "SmsMethod",
        "SmsUrl",
    },
    "GET /Usa2p/Usecases": {"BrandRegistrationSid"},
}


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_answers_as_documented(route: Route) -> None:
    statuses = documented_statuses(route.method, *concrete_path(route))
    assert statuses
    assert str(route.status) in statuses or list(statuses) == ["307"]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_a_route_reads_every_parameter_that_is_documented(route: Route) -> None:
    name = next((name for name in UNREAD if is_named(route, name)), "")
    assert unread(route) == UNREAD.get(name, set())


def is_named(route: Route, name: str) -> bool:
    method, end = name.split(" ")
    return route.method == method and route.path.endswith(end)


def test_nothing_is_excused_twice_or_in_vain() -> None:
    assert len(UNREAD) == sum(bool(unread(route)) for route in ROUTES)


def unread(route: Route) -> set[str]:
    """Documented parameters that the handler does not take. A name that ends with a dot takes all behind it."""
    taken = names_taken(route)
    maps = tuple(name for name in taken if name.endswith("."))
    documented = documented_parameters(route.method, *concrete_path(route))
    return {name for name in documented - taken if not (maps and name.startswith(maps))}


def names_taken(route: Route) -> set[str]:
    handler = route.handler.__wrapped__  # type: ignore[attr-defined]
    params = get_type_hints(handler).get("params")
    if params is None:
        return set()
    fields = msgspec.structs.fields(params)
    return {field.encode_name if field.encode_name != field.name else pascal(field.name) for field in fields}
