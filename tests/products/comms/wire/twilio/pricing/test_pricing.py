"""Prices over the wire."""

from octavo.products.comms.account.rows import NewAccount
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling


async def test_prices_of_a_country_are_told_for_messages_calls_and_numbers(
    app_server: AppServer, acme: NewAccount
) -> None:
    async with calling(app_server, acme, "pricing") as client:
        messages = (await client.get("/v1/Messaging/Countries/US")).json()
        numbers = (await client.get("/v1/PhoneNumbers/Countries/US")).json()
        calls = (await client.get("/v1/Voice/Countries/US")).json()
        by_origin = (await client.get("/v2/Voice/Countries/US")).json()
    assert messages["outbound_sms_prices"][0]["prices"][0]["current_price"] == "0.008"
    assert {one["number_type"] for one in messages["inbound_sms_prices"]} == {"local", "toll free"}
    assert [one["base_price"] for one in numbers["phone_number_prices"]] == ["1.00", "2.00"]
    assert calls["outbound_prefix_prices"][0]["prefixes"] == ["1"]
    assert by_origin["outbound_prefix_prices"][0]["origination_prefixes"] == ["ALL"]
    assert messages["url"] == "https://pricing.twilio.com/v1/Messaging/Countries/US"


async def test_countries_are_listed_in_pages(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme, "pricing") as client:
        first = (await client.get("/v1/Messaging/Countries?PageSize=2")).json()
        second = (await client.get(first["meta"]["next_page_url"].removeprefix("https://pricing.twilio.com"))).json()
    codes = [one["iso_country"] for one in (*first["countries"], *second["countries"])]
    assert codes == ["AC", "AD", "AE", "AF"]
    assert first["meta"]["key"] == "countries"


async def test_a_number_has_the_prices_of_its_country(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme, "pricing") as client:
        found = (await client.get("/v1/Voice/Numbers/+447400123456")).json()
        wrong = await client.get("/v1/Voice/Numbers/+1")
        nowhere = await client.get("/v1/Messaging/Countries/ZZ")
    assert (found["iso_country"], found["outbound_call_price"]["current_price"]) == ("GB", "0.03")
    assert found["inbound_call_price"]["number_type"] == "mobile"
    assert [(one.status_code, one.json()["code"]) for one in (wrong, nowhere)] == [(404, 20404)] * 2
