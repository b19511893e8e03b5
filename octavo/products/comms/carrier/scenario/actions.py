"""Playing a scenario: its handsets exist from now on, and its messages come in when they are due."""

from datetime import timedelta
from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.ids import new_id
from octavo.products.comms.carrier.scenario.rows import Phone, Scenario
from octavo.products.comms.carrier.simulated.actions import keep_handset, say_all
from octavo.products.comms.carrier.simulated.rows import Handset, Reply, Said


async def play(ctx: Context, account_id: UUID, scenario: Scenario) -> None:
    """Handsets of the same number are replaced, and begin anew; other handsets stay as they are."""
    for phone in scenario.handsets:
        await keep_handset(ctx, _handset(account_id, phone))
    async with ctx.db.main.transaction() as tx:
        await say_all(
            ctx,
            tx,
            [
                Said(
                    account_id,
                    new_id(),
                    str(one.from_),
                    str(one.to),
                    one.say,
                    one.media,
                    ctx.now + timedelta(seconds=one.at),
                )
                for one in scenario.messages
            ],
        )


def _handset(account_id: UUID, phone: Phone) -> Handset:
    low, high = phone.delay if isinstance(phone.delay, list) else (phone.delay, phone.delay)
    return Handset(
        account_id=account_id,
        number=str(phone.number),
        name=phone.name,
        online=phone.online,
        delay_min=low,
        delay_max=high,
        loss=phone.loss,
        error_code=phone.fails_with,
        opt_out_after=phone.opts_out_after,
        opt_in_after=phone.opts_in_after,
        replies=[Reply(one.to, one.say, one.after) for one in phone.replies],
    )
