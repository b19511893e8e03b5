"""Usage records, triggers and the balance over the wire."""

from collections.abc import AsyncIterator

import httpx
import pytest

from octavo.kernel.context import Context
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.usage.actions import count
from octavo.products.comms.usage.categories import CATEGORIES
from octavo.products.comms.usage.rows import Used
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling


@pytest.fixture
async def client(app_server: AppServer, acme: NewAccount) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(app_server, acme) as client:
        client.base_url = client.base_url.join(f"/2010-04-01/Accounts/{acme.account.sid}")
        yield client


@pytest.fixture(autouse=True)
async def what_was_used(ctx: Context, acme: NewAccount) -> None:
    async with ctx.db.main.transaction() as tx:
        await count(tx, [Used(acme.account.id, "sms-outbound-longcode", ctx.now.date(), 10, 12, 95_000)])


async def test_records_have_every_category_page_by_page(client: httpx.AsyncClient) -> None:
    seen, path = [], "/Usage/Records.json?PageSize=20"
    while path:
        page = (await client.get(path)).json()
        seen += page["usage_records"]
        path = (page["next_page_uri"] or "").removeprefix(client.base_url.path.rstrip("/"))
    assert [one["category"] for one in seen] == list(CATEGORIES)
    [texts] = [one for one in seen if one["category"] == "sms-outbound"]
    assert (texts["count"], texts["usage"], texts["price"]) == ("10", "12", 0.095)


@pytest.mark.parametrize(
    ("name", "count"),
    [("AllTime", 1), ("Daily", 1), ("Monthly", 1), ("Yearly", 1), ("Today", 1), ("ThisMonth", 1)],
)
async def test_records_are_split_by_time(client: httpx.AsyncClient, name: str, count: int) -> None:
    found = (await client.get(f"/Usage/Records/{name}.json", params={"Category": "sms"})).json()["usage_records"]
    assert [one["count"] for one in found] == ["10"] * count


@pytest.mark.parametrize("name", ["Yesterday", "LastMonth"])
async def test_nothing_was_used_before(client: httpx.AsyncClient, name: str) -> None:
    [found] = (await client.get(f"/Usage/Records/{name}.json?Category=sms")).json()["usage_records"]
    assert (found["count"], found["price"]) == ("0", 0)


async def test_unknown_categories_and_dates_are_refused(client: httpx.AsyncClient) -> None:
    for query in ("Category=pigeons", "StartDate=soon"):
        refused = await client.get(f"/Usage/Records/Daily.json?{query}")
        assert (refused.status_code, refused.json()["code"]) == (400, 20001)
    assert (await client.get("/Usage/Records.json?StartDate=-30days")).status_code == 200


async def test_triggers_are_set_changed_and_removed(client: httpx.AsyncClient) -> None:
    form = {"CallbackUrl": "https://a.example/used", "TriggerValue": "+5.50", "UsageCategory": "totalprice"}
    made = await client.post("/Usage/Triggers.json", data=form | {"TriggerBy": "price", "Recurring": "monthly"})
    shown = made.json()
    assert (made.status_code, shown["trigger_value"], shown["current_value"]) == (201, "5.595", "0.095")
    path = f"/Usage/Triggers/{shown['sid']}.json"
    assert (await client.post(path, data={"FriendlyName": "Tea"})).json()["friendly_name"] == "Tea"
    assert len((await client.get("/Usage/Triggers.json?Recurring=monthly")).json()["usage_triggers"]) == 1
    assert (await client.get("/Usage/Triggers.json?Recurring=daily")).json()["usage_triggers"] == []
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).json()["code"] == 20404
    for wrong in ({"UsageCategory": "pigeons"}, {"TriggerValue": "much"}, {"CallbackUrl": ""}):
        assert (await client.post("/Usage/Triggers.json", data=form | wrong)).json()["code"] == 20001


async def test_the_balance_shrinks_with_what_was_used(client: httpx.AsyncClient, acme: NewAccount) -> None:
    shown = (await client.get("/Balance.json")).json()
    assert shown == {"account_sid": acme.account.sid, "balance": "99.905", "currency": "USD"}
