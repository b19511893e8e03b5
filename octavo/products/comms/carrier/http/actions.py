"""What providers call us for: receipts of messages, and messages that come in."""

from typing import Any

from octavo.kernel.context import Context
from octavo.kernel.db import storable
from octavo.products.comms.carrier.http.rows import Driver, ids_of
from octavo.products.comms.carrier.protocol import Arrived
from octavo.products.comms.inbound.actions import receive_many
from octavo.products.comms.message.reports import take_reports
from octavo.products.comms.message.rows import Report
from octavo.products.comms.number.rules import parse_e164

LONGEST_TEXT, LONGEST_REFERENCE = 10_000, 200


async def take_receipt(ctx: Context, driver: Driver, content: Any, reference: str) -> None:
    """`reference` stood in the address that was called. What concerns no message of ours is let go."""
    receipt = driver.receipt(content)
    ids = ids_of(reference or receipt.reference) if receipt else None
    if receipt is None or ids is None:
        return
    carrier_ref = storable(receipt.carrier_ref, longest=LONGEST_REFERENCE)
    report = Report(*ids, receipt.state, ctx.now, receipt.error_code, carrier_ref)
    async with ctx.db.main.transaction() as tx:
        await take_reports(ctx, tx, [report], carrier="http")


async def take_message(ctx: Context, driver: Driver, content: Any) -> None:
    """A message for a number of ours. What has no sender, no recipient or no id is let go."""
    brought = driver.brought(content)
    if brought is None or not brought.carrier_ref:
        return
    sender, recipient = _e164(brought.sender), _e164(brought.recipient)
    if not sender or not recipient:
        return
    arrived = Arrived(
        carrier="http",
        carrier_ref=storable(brought.carrier_ref, longest=LONGEST_REFERENCE),
        sender=sender,
        recipient=recipient,
        body=storable(brought.body, longest=LONGEST_TEXT),
        media_urls=brought.media_urls,
        at=ctx.now,
    )
    async with ctx.db.main.transaction() as tx:
        await receive_many(ctx, tx, [arrived])


def _e164(written: str) -> str:
    """Some providers leave the plus sign out."""
    return parse_e164(written) or parse_e164(f"+{written}") or ""
