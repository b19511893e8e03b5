"""Which driver the settings name."""

from octavo.products.comms.carrier.http.plivo import Plivo
from octavo.products.comms.carrier.http.rows import Driver
from octavo.products.comms.carrier.http.telnyx import Telnyx
from octavo.products.comms.carrier.http.template import Template
from octavo.settings.gateway import GatewaySettings


def driver_of(settings: GatewaySettings) -> Driver | None:
    """None where no provider is set."""
    match settings.provider:
        case "plivo":
            return Plivo(settings)
        case "telnyx":
            return Telnyx(settings)
        case "template":
            return Template(settings)
        case _:
            return None
