"""Which carriers there are, and which of them takes a message."""

from octavo.kernel.context import Engines
from octavo.products.comms.carrier.protocol import SmsCarrier, Submission
from octavo.products.comms.carrier.simulated.carrier import SimulatedCarrier
from octavo.settings import Settings


def carriers(engines: Engines) -> dict[str, SmsCarrier]:
    """The carriers of this installation by their names."""
    found: list[SmsCarrier] = [SimulatedCarrier(engines)]
    return {carrier.name: carrier for carrier in found}


def carrier_for(settings: Settings, submission: Submission) -> str:
    """The name of the carrier that takes the message."""
    return settings.comms.carrier
