"""How callbacks of communications are signed, and what is done with answers and failures."""

import logging
from uuid import UUID

from octavo.kernel.callbacks import Delivery, Reason, Sender, register_sender
from octavo.kernel.context import Context, Engines
from octavo.products.comms.account.queries import signing_token
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.inbound.actions import carry_out
from octavo.products.comms.signature import HEADER, signature

log = logging.getLogger("octavo.comms")
# The debugger's codes for why a server did not take a callback.
CODES: dict[Reason, int] = {
    "status": 11200,
    "timeout": 11200,
    "connection": 11205,
    "refused": 11100,
    "redirects": 11215,
}


async def _sign(
    engines: Engines, owner_id: UUID, method: str, url: str, form: list[tuple[str, str]], json: bytes | None
) -> dict[str, str]:
    return {HEADER: signature(await signing_token(engines, owner_id), url, form)}


def _explain(reason: Reason, status: int | None, url: str) -> list[tuple[str, str]]:
    return [("ErrorCode", str(CODES.get(reason, 11200))), ("ErrorUrl", url)]


async def _answered(ctx: Context, delivery: Delivery, content_type: str, body: bytes) -> None:
    try:
        await carry_out(ctx, delivery, content_type, body)
    except CommsRefusal as refusal:
        # The server was reached and asked for something that cannot be done: asking it again would not help.
        log.warning("answer to %s refused: %s %s", delivery.subject, refusal.number, refusal.detail)


def register() -> None:
    """Called once, where the product is put together."""
    register_sender("comms", Sender(sign=_sign, explain=_explain, answered=_answered))
