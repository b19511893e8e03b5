"""Parts of long messages that wait for each other: sealed, as all texts are that lie beside their message."""

from octavo.kernel.secrets import seal, unseal
from octavo.products.comms.carrier.smpp.rows import InboundPart, WaitingPart
from octavo.settings import Settings

# They wait for minutes, so no change of the master key seals them anew: the old key opens them.
CONTEXT = "comms.smpp_inbound_part"


def sealed(settings: Settings, part: InboundPart) -> WaitingPart:
    return WaitingPart(
        line=part.line,
        sender=part.sender,
        recipient=part.recipient,
        reference=part.reference,
        total=part.total,
        part=part.part,
        sealed_body=seal(settings, part.body.encode(), context=CONTEXT),
        arrived_at=part.arrived_at,
    )


def text_of(settings: Settings, part: WaitingPart) -> str:
    return unseal(settings, part.sealed_body, context=CONTEXT).decode()
