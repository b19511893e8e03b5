"""What one of our own numbers sends to another of ours comes in there, once, whoever owns it."""

from datetime import timedelta

from octavo.kernel.context import Context
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.choice import carriers
from octavo.products.comms.carrier.simulated.service import tell_due
from octavo.products.comms.message.actions import create_message
from octavo.products.comms.message.queries import message
from octavo.products.comms.message.rows import NewMessage
from octavo.products.comms.number.actions import buy_number
from tests.products.comms.carrier.submissions import a_submission

OURS, THEIRS = "+14152051240", "+14152051241"


async def test_a_message_between_two_of_our_numbers_comes_in_once(
    ctx: Context, acme: NewAccount, another: NewAccount
) -> None:
    await buy_number(ctx, acme.account, OURS)
    await buy_number(ctx, another.account, THEIRS)
    sent = await create_message(ctx, acme.account, NewMessage(to=THEIRS, from_=OURS, body="Hello over there"))
    given = a_submission(acme.account.id, message_id=sent.id, sender=OURS, recipient=THEIRS, body="Hello over there")
    for _ in range(2):
        await carriers(ctx.engines)["simulated"].submit([given])
        await tell_due(ctx.engines.context(ctx.now + timedelta(seconds=60)))
    assert (await message(ctx.db.main, acme.account.id, sent.id)).status == "delivered"
    came_in = await ctx.db.main.column(
        "SELECT direction || ' ' || status || ' ' || body FROM comms.message WHERE account_id = $1", another.account.id
    )
    assert came_in == ["inbound received Hello over there"]
