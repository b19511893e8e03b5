"""Parts of long messages wait for each other sealed: whose they are, and whether texts are encrypted there, is not known."""

from msgspec import structs

from octavo.kernel.secrets import seal, unseal
from octavo.products.comms.carrier.smpp.rows import InboundPart, WaitingPart
from octavo.settings import Settings

# They wait for minutes, so no change of the master key seals them anew: the old key opens them.
CONTEXT = "comms.smpp_inbound_part"


def sealed(settings: Settings, part: InboundPart) -> WaitingPart:
    *place, body, arrived_at = structs.astuple(part)
    return WaitingPart(*place, seal(settings, body.encode(), context=CONTEXT), arrived_at)


def text_of(settings: Settings, part: WaitingPart) -> str:
    return unseal(settings, part.sealed_body, context=CONTEXT).decode()
