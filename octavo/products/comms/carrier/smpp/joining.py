"""Messages that came in over lines; the parts of long ones wait for each other."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import structs

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.products.comms.aside import one_by_one
from octavo.products.comms.carrier.protocol import Arrived
from octavo.products.comms.carrier.smpp import queries
from octavo.products.comms.carrier.smpp._statements import KEEP_PART, PART_PUT_OFF
from octavo.products.comms.carrier.smpp.rows import InboundPart, WaitingPart
from octavo.products.comms.carrier.smpp.waiting import sealed, text_of
from octavo.products.comms.inbound.actions import receive_many


async def bring(ctx: Context, tx: Transaction, arrived: Sequence[InboundPart]) -> None:
    """Whole messages are taken in at once, long ones with the last of their parts."""
    whole = []
    for one in arrived:
        if one.total == 1:
            whole.append(_message(one, one.body))
        elif (body := await _joined(ctx, tx, one)) is not None:
            whole.append(_message(one, body))
    await receive_many(ctx, tx, whole)


async def bring_incomplete(ctx: Context, before: datetime) -> None:
    """Long messages of which parts never came are brought as far as they are here."""

    async def at_last(one: WaitingPart) -> None:
        async with ctx.db.main.transaction() as tx:
            here = await queries.inbound_parts(tx, one)
            await receive_many(ctx, tx, [_message(one, "".join(text_of(ctx.settings, part) for part in here))])
            await _forget(tx, one)

    async def put_off(one: WaitingPart) -> None:
        await ctx.db.main.execute(PART_PUT_OFF, one.line, one.sender, one.recipient, one.reference, one.total, ctx.now)

    await one_by_one(await queries.late_inbound(ctx.db.main, before), at_last, put_off)


async def _joined(ctx: Context, tx: Transaction, one: InboundPart) -> str | None:
    """The text that the part makes whole. Parts are kept for some minutes behind that: one that a crash kept us from
    acknowledging comes again, and does not begin another message unless all the others come again as well.
    """
    here = {part.part: part for part in await queries.inbound_parts(tx, one)}
    known = here.get(one.part)
    if known is not None and known.joined and text_of(ctx.settings, known) == one.body:
        here[one.part] = structs.replace(known, again=True)
    else:
        if known is not None and known.joined:
            await _forget(tx, one)  # another message, under a reference that was free again
            here.clear()
        here.setdefault(one.part, sealed(ctx.settings, one))
    is_whole = len(here) == one.total and all(part.again or not part.joined for part in here.values())
    rows = [structs.replace(part, joined=True, again=False) for part in here.values()] if is_whole else [here[one.part]]
    await tx.execute_many(KEEP_PART, [structs.astuple(row) for row in rows])
    return "".join(text_of(ctx.settings, here[number]) for number in sorted(here)) if is_whole else None


def _message(part: InboundPart | WaitingPart, body: str) -> Arrived:
    # SMPP gives what comes in no id of its own, so each delivery is a message.
    return Arrived("smpp", f"{part.line}:{new_id().hex}", part.sender, part.recipient, body, (), part.arrived_at)


async def _forget(tx: Transaction, part: InboundPart | WaitingPart) -> None:
    await tx.execute(
        """
        DELETE FROM comms.smpp_inbound_part
        WHERE line = $1 AND sender = $2 AND recipient = $3 AND reference = $4 AND total = $5
        """,
        part.line,
        part.sender,
        part.recipient,
        part.reference,
        part.total,
    )


async def forget_joined(ctx: Context, before: datetime) -> None:
    """Parts that do not come again any more."""
    await ctx.db.main.execute(
        "DELETE FROM comms.smpp_inbound_part /* fanout: by age */ WHERE joined AND arrived_at < $1", before
    )
