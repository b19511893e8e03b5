"""The usage page of the console."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from octavo.kernel.context import Context
from octavo.products.comms.console.usage.charts import HEIGHT, chart, round_above
from octavo.products.comms.sids import read_sid
from octavo.products.comms.usage.actions import count
from octavo.products.comms.usage.rows import Used
from octavo.ui.formats import format_bytes
from tests.products.comms.console.test_messages import post
from tests.products.conftest import Enter

DAY = date(2026, 11, 21)


async def test_what_was_used_stands_in_charts_and_tables(enter: Enter, ctx: Context) -> None:
    nadia, eve = await enter(), await enter()
    sid = (await post(nadia, "/comms/accounts", name="Acme")).headers["location"].rpartition("/")[2]
    account_id, today = read_sid(sid, "AC"), ctx.now.date()
    async with ctx.db.main.transaction() as tx:
        yesterday = today - timedelta(days=1)
        await count(tx, [Used(account_id, "sms-outbound-longcode", yesterday, 12_345, 20_000, 95_000_000)])
        await count(tx, [Used(account_id, "sms-inbound-longcode", today - timedelta(days=60), 7)])
    page = (await nadia.http.get(f"/comms/usage?account={sid}")).text
    assert "12,345" in page
    assert "<rect" in page
    assert "Outbound Long Code SMS" in page
    assert "Inbound Long Code SMS" not in page
    assert "Inbound Long Code SMS" in (await nadia.http.get(f"/comms/usage?account={sid}&days=90")).text
    assert (await eve.http.get(f"/comms/usage?account={sid}")).status_code == 404


async def test_the_storage_stands_beside_its_quota(enter: Enter, ctx: Context) -> None:
    nadia = await enter()
    sid = (await post(nadia, "/comms/accounts", name="Acme")).headers["location"].rpartition("/")[2]
    quota = ctx.settings.comms.media_quota
    fill = "INSERT INTO comms.media_usage (account_id, slot, bytes) VALUES ($1, $2, $3)"
    await ctx.db.main.execute(fill, read_sid(sid, "AC"), 0, quota // 2)
    half = (await nadia.http.get(f"/comms/usage?account={sid}")).text
    assert f"{format_bytes(quota // 2, 'en')} of {format_bytes(quota, 'en')}" in half
    assert "used up" not in half
    await ctx.db.main.execute(fill, read_sid(sid, "AC"), 1, quota // 2)
    assert "The storage is used up" in (await nadia.http.get(f"/comms/usage?account={sid}")).text


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=90))
def test_bars_stand_on_zero_and_stay_in_the_picture(values: list[int]) -> None:
    drawn = chart([DAY] * len(values), values)
    for bar, value in zip(drawn.bars, values, strict=True):
        assert abs(bar.y + bar.height - HEIGHT) < 0.02
        assert bar.x + drawn.bar_width <= drawn.width
        assert abs(bar.height / HEIGHT * drawn.top - value) <= drawn.top * 0.0001


def test_the_upper_edge_is_a_round_number() -> None:
    assert [round_above(value) for value in (0, 1, 3, 9, 10, 11, 499, 501)] == [1, 1, 3, 10, 10, 20, 500, 600]
