"""What files take is counted once a day, at its most, with its price."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from octavo.kernel.context import Context, Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.media.actions import forget_media
from octavo.products.comms.media.queries import used_bytes
from octavo.products.comms.media.storage import count_storage
from octavo.products.comms.usage.actions import roll_up
from octavo.products.comms.usage.queries import used
from octavo.products.comms.usage.rows import Record
from tests.products.comms.message.outgoing import a_message
from tests.products.comms.wire.twilio.api.test_media import a_stored

GIGABYTES = 6


async def test_a_day_counts_once_and_at_its_most(
    ctx: Context, engines: Engines, acme: NewAccount, another: NewAccount, tmp_path: Path
) -> None:
    async def counted(day: date, who: NewAccount = acme) -> Record:
        return await used(ctx.db.main, who.account.id, "mediastorage", day, day)

    message = await a_message(engines, acme)
    stored = [await a_stored(engines, message, position, tmp_path) for position in range(2)]
    missing = GIGABYTES * 10**9 - await used_bytes(ctx.db.main, acme.account.id)
    await ctx.db.main.execute("INSERT INTO comms.media_usage VALUES ($1, -1, $2)", acme.account.id, missing)
    today = ctx.now.date()
    for _ in range(2):
        await count_storage(ctx)
    record = await counted(today)
    assert (record.count, record.usage) == (2, GIGABYTES * 1000)
    assert record.price == 50_000  # a thirtieth of six times 0.25, in millionths
    assert (await counted(today, another)).count == 0
    async with ctx.db.main.transaction() as tx:
        await forget_media(tx, stored[:1])
    await count_storage(ctx)
    assert await counted(today) == record
    tomorrow = replace(ctx, now=ctx.now + timedelta(days=1))
    await roll_up(ctx, tomorrow.now.date())
    await count_storage(tomorrow)
    assert await counted(today) == record
    assert (await counted(tomorrow.now.date())).count == 1
