"""Which carriers there are, and which of them takes a message."""

from functools import lru_cache

from octavo.kernel.context import Engines
from octavo.products.comms.carrier.http.carrier import HttpCarrier
from octavo.products.comms.carrier.http.drivers import driver_of
from octavo.products.comms.carrier.protocol import SmsCarrier, Submission
from octavo.products.comms.carrier.simulated.carrier import SimulatedCarrier
from octavo.products.comms.carrier.smpp.carrier import SmppCarrier
from octavo.settings import Settings


def carriers(engines: Engines) -> dict[str, SmsCarrier]:
    """The carriers of this installation by their names."""
    found: list[SmsCarrier] = [
        SimulatedCarrier(engines),
        SmppCarrier(engines),
        HttpCarrier(engines, driver_of(engines.settings.gateway)),
    ]
    return {carrier.name: carrier for carrier in found}


def carrier_for(settings: Settings, submission: Submission) -> str:
    """The name of the carrier that takes the message: by the longest beginning of its recipient that has a route."""
    for beginning, carrier in _routes(settings.comms.carrier_routes):
        if submission.recipient.startswith(beginning):
            return carrier
    return settings.comms.carrier


@lru_cache(8)
def _routes(written: tuple[str, ...]) -> list[tuple[str, str]]:
    """Beginning and carrier, the longest beginning first."""
    routes = [(beginning, carrier) for beginning, _, carrier in (route.partition("=") for route in written)]
    return sorted(routes, key=lambda route: -len(route[0]))
