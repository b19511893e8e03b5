"""The guard's page of the console."""

from datetime import time, timedelta

import pytest

from octavo.kernel.context import Context
from octavo.products.comms.account.actions import create_account
from octavo.products.comms.account.queries import account as find_account
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.guard.actions import note_refusals
from octavo.products.comms.guard.queries import blocks, own_policy
from octavo.products.comms.guard.rows import Wanted
from octavo.products.comms.message.actions import create_messages
from octavo.products.comms.message.rows import NewMessage
from octavo.products.comms.number.actions import buy_number
from octavo.products.comms.sids import read_sid
from tests.products.comms.console.test_messages import post
from tests.products.conftest import Enter, Visitor

OURS, LONDON, KARACHI = "+14152051240", "+442079460958", "+922134567890"
RULES = {
    "scope": "only",
    "allowed": "gb, Germany",
    "refused": "PK",
    "messages": "2",
    "spend": "25.50",
    "quiet_from": "21:00",
    "quiet_to": "08:00",
    "protects": "on",
}


async def opened(person: Visitor, name: str = "Acme") -> str:
    return (await post(person, "/comms/accounts", name=name)).headers["location"].rpartition("/")[2]


async def test_rules_are_kept_and_shown(enter: Enter, ctx: Context) -> None:
    nadia, eve = await enter(), await enter()
    sid = await opened(nadia)
    kept = await post(nadia, "/comms/guard", account=sid, **RULES)
    assert kept.status_code == 303
    policy = await own_policy(ctx.db.main, read_sid(sid, "AC"))
    assert policy is not None
    assert (policy.countries_allowed, policy.countries_refused) == (["GB", "DE"], ["PK"])
    assert (policy.messages_per_day, policy.segments_per_day, policy.spend_per_day) == (2, None, 25_500_000)
    assert (policy.quiet_from, policy.quiet_to, policy.protects) == (time(21), time(8), True)
    page = (await nadia.http.get(kept.headers["location"])).text
    for shown in ("GB, DE", "25.5", "21:00", "Saved"):
        assert shown in page
    assert (await eve.http.get(f"/comms/guard?account={sid}")).status_code == 404
    assert (await post(eve, "/comms/guard", account=sid)).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"allowed": "Atlantis", "scope": "only"}, "These are no countries: Atlantis"),
        ({"scope": "only"}, "Name the countries"),
        ({"messages": "many"}, "many is no number of messages"),
        ({"messages": "99999999999"}, "is no number of messages"),
        ({"spend": "1,5"}, "is no amount of money"),
        ({"quiet_from": "21:00"}, "Give both times"),
        ({"quiet_from": "night", "quiet_to": "08:00"}, "is no time of day"),
    ],
)
async def test_what_cannot_be_read_is_told_beside_its_field(
    enter: Enter, ctx: Context, wrong: dict[str, str], said: str
) -> None:
    nadia = await enter()
    sid = await opened(nadia)
    answer = await post(nadia, "/comms/guard", account=sid, **wrong)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert all(f'value="{text}"' in answer.text for text in wrong.values() if text != "only")
    assert await own_policy(ctx.db.main, read_sid(sid, "AC")) is None


async def test_caps_and_refusals_of_today_are_seen(enter: Enter, ctx: Context) -> None:
    nadia = await enter()
    sid = await opened(nadia)
    assert "Nothing was refused" in (await nadia.http.get("/comms/guard")).text
    await post(nadia, "/comms/guard", account=sid, scope="only", allowed="GB", messages="2")
    account = await find_account(ctx.db.main, read_sid(sid, "AC"))
    await buy_number(ctx, account, OURS)
    await create_messages(
        ctx, account, [NewMessage(to=to, from_=OURS, body="Tea") for to in (LONDON, KARACHI, LONDON, LONDON)]
    )
    old = [(Wanted(KARACHI, 1), CommsRefusal(30450, "Held back"))]
    await note_refusals(ctx.db.main, account.id, old, ctx.now - timedelta(days=20))
    page = (await nadia.http.get(f"/comms/guard?account={sid}")).text
    for shown in ("2 of 2", "Country not allowed", "Pakistan", KARACHI, "Daily cap reached", "United Kingdom"):
        assert shown in page
    drawn = page.partition('<figure class="chart">')[2].partition("</figure>")[0]
    assert drawn.count("<rect") == 2, "the chart goes further back than the table"
    assert "Looks like fraud" not in page


async def test_what_is_held_back_is_let_through(enter: Enter, ctx: Context) -> None:
    nadia, eve = await enter(), await enter()
    sid = await opened(nadia)
    for beginning, kind in (("+92213456", "pumping"), ("PK", "new-country")):
        await ctx.db.main.execute(
            """
            INSERT INTO comms.guard_block (account_id, beginning, kind, messages, delivered, created_at, until)
            VALUES ($1, $2, $3, 60, 1, $4, $5)
            """,
            read_sid(sid, "AC"),
            beginning,
            kind,
            ctx.now,
            ctx.now + timedelta(hours=1),
        )
    assert "few phones got" in (await nadia.http.get("/comms/guard")).text
    assert (await post(eve, "/comms/guard/lift", account=sid, beginning="PK")).status_code == 404
    lifted = await post(nadia, "/comms/guard/lift", account=sid, beginning="PK")
    assert "to Pakistan again" in (await nadia.http.get(lifted.headers["location"])).text
    assert [one.beginning for one in await blocks(ctx.db.main, read_sid(sid, "AC"))] == ["+92213456"]


async def test_a_sub_account_shows_the_rules_of_its_parent(enter: Enter, ctx: Context) -> None:
    nadia = await enter()
    sid = await opened(nadia)
    account = await find_account(ctx.db.main, read_sid(sid, "AC"))
    branch = (await create_account(ctx, name="Branch", parent=account)).account
    await post(nadia, "/comms/guard", account=sid, refused="PK")
    page = (await nadia.http.get(f"/comms/guard?account={branch.sid}")).text
    assert "rules of the main account" in page
    assert 'value="PK"' in page
