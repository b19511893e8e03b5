"""Messaging Services and their pools over the wire."""

import httpx

from octavo.kernel.context import Context
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.number.actions import buy_number
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling

ROOT = "/v1/Services"


def refusal(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["code"]


async def test_a_service_is_made_read_changed_listed_and_taken_away(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme, "messaging") as client:
        wanted = {"FriendlyName": "Shop", "InboundRequestUrl": "https://a.example/in", "StickySender": "false"}
        answer = await client.post(ROOT, data=wanted)
        made = answer.json()
        assert answer.status_code == 201
        assert (made["friendly_name"], made["sticky_sender"], made["validity_period"]) == ("Shop", False, 36_000)
        assert made["url"] == f"https://messaging.twilio.com/v1/Services/{made['sid']}"
        changed = (await client.post(f"{ROOT}/{made['sid']}", data={"UseInboundWebhookOnNumber": "true"})).json()
        assert (changed["use_inbound_webhook_on_number"], changed["inbound_request_url"]) == (
            True,
            "https://a.example/in",
        )
        listed = (await client.get(f"{ROOT}?PageSize=1")).json()
        assert (listed["meta"]["key"], listed["services"]) == ("services", [changed])
        assert (await client.delete(f"{ROOT}/{made['sid']}")).status_code == 204
        assert refusal(await client.get(f"{ROOT}/{made['sid']}")) == (404, 20404)


async def test_what_a_service_cannot_be_is_refused(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme, "messaging") as client:
        for wanted in (
            {},
            {"FriendlyName": "x" * 65},
            {"FriendlyName": "Shop", "ValidityPeriod": "36001"},
            {"FriendlyName": "Shop", "InboundMethod": "PUT"},
            {"FriendlyName": "Shop", "ScanMessageContent": "sometimes"},
        ):
            assert refusal(await client.post(ROOT, data=wanted)) == (400, 20001)
        assert (await client.get(f"{ROOT}/Usecases")).json()["usecases"]


async def test_numbers_go_into_the_pool_and_out(ctx: Context, app_server: AppServer, acme: NewAccount) -> None:
    number = await buy_number(ctx, acme.account, "+14156548501")
    async with calling(app_server, acme, "messaging") as client:
        service = (await client.post(ROOT, data={"FriendlyName": "Shop"})).json()["sid"]
        pool = f"{ROOT}/{service}/PhoneNumbers"
        answer = await client.post(pool, data={"PhoneNumberSid": number.sid})
        added = answer.json()
        assert (answer.status_code, added["phone_number"], added["service_sid"]) == (201, number.number, service)
        assert added["capabilities"] == ["SMS", "MMS", "Voice"]
        assert refusal(await client.post(pool, data={"PhoneNumberSid": number.sid})) == (409, 21710)
        assert refusal(await client.post(pool, data={"PhoneNumberSid": "PN0"})) == (404, 20404)
        assert (await client.get(pool)).json()["phone_numbers"] == [added]
        assert (await client.get(f"{pool}/{number.sid}")).json() == added
        assert (await client.delete(f"{pool}/{number.sid}")).status_code == 204
        assert refusal(await client.get(f"{pool}/{number.sid}")) == (404, 20404)
        assert (await client.get(f"{ROOT}/{service}/ShortCodes")).json()["short_codes"] == []
        nothing = {"ShortCodeSid": "SC" + "0" * 32}
        assert refusal(await client.post(f"{ROOT}/{service}/ShortCodes", data=nothing)) == (404, 20404)


async def test_names_go_into_the_pool_for_all_countries_or_for_one(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme, "messaging") as client:
        service = (await client.post(ROOT, data={"FriendlyName": "Shop"})).json()["sid"]
        names, by_country = f"{ROOT}/{service}/AlphaSenders", f"{ROOT}/{service}/DestinationAlphaSenders"
        made = (await client.post(names, data={"AlphaSender": "Acme"})).json()
        french = (await client.post(by_country, data={"AlphaSender": "Acme FR", "IsoCountryCode": "FR"})).json()
        assert french["iso_country_code"] == "FR"
        assert refusal(await client.post(names, data={"AlphaSender": "12345"})) == (400, 21713)
        assert (await client.get(names)).json()["alpha_senders"] == [made]
        assert (await client.get(f"{names}/{made['sid']}")).json() == made
        listed = (await client.get(f"{by_country}?IsoCountryCode=FR")).json()["alpha_senders"]
        assert listed == [french]
        assert len((await client.get(by_country)).json()["alpha_senders"]) == 2
        assert (await client.delete(f"{by_country}/{french['sid']}")).status_code == 204
        assert (await client.delete(f"{names}/{made['sid']}")).status_code == 204
        assert refusal(await client.delete(f"{names}/{made['sid']}")) == (404, 20404)


async def test_services_of_others_are_not_there(app_server: AppServer, acme: NewAccount, another: NewAccount) -> None:
    async with calling(app_server, acme, "messaging") as client, calling(app_server, another, "messaging") as stranger:
        service = (await client.post(ROOT, data={"FriendlyName": "Shop"})).json()["sid"]
        answers = [
            await stranger.get(f"{ROOT}/{service}"),
            await stranger.post(f"{ROOT}/{service}", data={"FriendlyName": "Mine"}),
            await stranger.delete(f"{ROOT}/{service}"),
            await stranger.get(f"{ROOT}/{service}/PhoneNumbers"),
            await stranger.get(f"{ROOT}/{service}/AlphaSenders"),
            await stranger.post(f"{ROOT}/{service}/AlphaSenders", data={"AlphaSender": "Acme"}),
        ]
    assert [refusal(one) for one in answers] == [(404, 20404)] * len(answers)
