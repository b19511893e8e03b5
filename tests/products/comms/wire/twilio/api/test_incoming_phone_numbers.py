"""Numbers over the wire: searched, bought, configured, listed, moved and released."""

from typing import Any

import httpx
import pytest

from octavo.products.comms.account.rows import NewAccount
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling

ROOT = "/2010-04-01/Accounts"
NUMBER = "+14152051240"


def incoming(new: NewAccount) -> str:
    return f"{ROOT}/{new.account.sid}/IncomingPhoneNumbers"


def refusal(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["code"]


async def test_a_number_is_found_bought_configured_and_released(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme) as client:
        stock = f"{ROOT}/{acme.account.sid}/AvailablePhoneNumbers/US/Local.json"
        offered = (await client.get(stock, params={"AreaCode": 415, "PageSize": 3})).json()["available_phone_numbers"]
        assert [one["locality"] for one in offered] == ["San Francisco"] * 3
        assert offered[0]["capabilities"]["SMS"] is True
        wanted = {"PhoneNumber": offered[0]["phone_number"], "SmsUrl": "https://a.example/sms"}
        answer = await client.post(f"{incoming(acme)}.json", data=wanted)
        bought = answer.json()
        assert (answer.status_code, bought["phone_number"], bought["sms_url"]) == (201, *wanted.values())
        changes = {"VoiceUrl": "https://a.example/voice", "VoiceMethod": "GET", "FriendlyName": "Front desk"}
        path = f"{incoming(acme)}/{bought['sid']}.json"
        changed = (await client.post(path, data=changes)).json()
        assert (changed["voice_url"], changed["voice_method"], changed["friendly_name"]) == tuple(changes.values())
        assert changed["sms_url"] == "https://a.example/sms"
        assert (await client.get(path)).json() == changed
        assert (await client.delete(path)).status_code == 204
        assert refusal(await client.get(path)) == (404, 20404)


async def test_any_number_of_an_area_can_be_bought(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme) as client:
        local = await client.post(f"{incoming(acme)}.json", data={"AreaCode": "510"})
        free = await client.post(f"{incoming(acme)}/TollFree.json", data={"PhoneNumber": "+18887017528"})
        by_area = await client.post(f"{incoming(acme)}/TollFree.json", data={"AreaCode": "888"})
        wrong_kind = await client.post(f"{incoming(acme)}/Mobile.json", data={"PhoneNumber": NUMBER})
        none = await client.post(f"{incoming(acme)}.json", data={"AreaCode": "533"})
        mobile = (await client.get(f"{incoming(acme)}/Mobile.json")).json()
        toll_free = (await client.get(f"{incoming(acme)}/TollFree.json")).json()
    assert local.json()["phone_number"].startswith("+1510")
    assert free.json()["phone_number"].startswith("+1888")
    assert [refusal(one) for one in (none, by_area, wrong_kind)] == [(400, 21452), (400, 21457), (400, 21458)]
    assert mobile["incoming_phone_numbers"] == []
    assert [one["sid"] for one in toll_free["incoming_phone_numbers"]] == [free.json()["sid"]]


async def test_numbers_are_listed_with_filters_and_pages(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme) as client:
        for area in ("415", "510", "212"):
            await client.post(f"{incoming(acme)}.json", data={"AreaCode": area, "FriendlyName": f"Area {area}"})
        page = (await client.get(f"{incoming(acme)}.json?PageSize=2")).json()
        rest = (await client.get(page["next_page_uri"])).json()
        named = (await client.get(f"{incoming(acme)}.json", params={"FriendlyName": "Area 510"})).json()
        hosted = (await client.get(f"{incoming(acme)}.json?Origin=hosted")).json()
        like = (await client.get(f"{incoming(acme)}.json", params={"PhoneNumber": "+1212*"})).json()
    names = [one["friendly_name"] for one in (*page["incoming_phone_numbers"], *rest["incoming_phone_numbers"])]
    assert names == ["Area 212", "Area 510", "Area 415"]
    assert [one["friendly_name"] for one in named["incoming_phone_numbers"]] == ["Area 510"]
    assert hosted["incoming_phone_numbers"] == []
    assert [one["friendly_name"] for one in like["incoming_phone_numbers"]] == ["Area 212"]


async def test_a_number_moves_to_a_sub_account_and_to_no_other(
    app_server: AppServer, acme: NewAccount, another: NewAccount
) -> None:
    async with calling(app_server, acme) as client:
        child = (await client.post(f"{ROOT}.json", data={"FriendlyName": "Branch"})).json()["sid"]
        bought = (await client.post(f"{incoming(acme)}.json", data={"PhoneNumber": NUMBER})).json()
        path = f"{incoming(acme)}/{bought['sid']}.json"
        nobody = await client.post(path, data={"AccountSid": "AC" + "0" * 32})
        stranger = await client.post(path, data={"AccountSid": another.account.sid})
        nothing = await client.post(path, data={"AccountSid": "none"})
        moved = (await client.post(path, data={"AccountSid": child})).json()
        there = (await client.get(moved["uri"])).json()
        gone = await client.get(path)
    assert (moved["account_sid"], there["sid"]) == (child, bought["sid"])
    assert [refusal(one) for one in (nobody, stranger, nothing)] == [(400, 21471), (400, 21473), (400, 21470)]
    assert refusal(gone) == (404, 20404)


@pytest.mark.parametrize(
    ("wanted", "refused"),
    [
        ({"PhoneNumber": "+1234567890"}, (400, 21421)),
        ({"PhoneNumber": "none"}, (400, 21421)),
        ({}, (400, 21421)),
        ({"AreaCode": "4155"}, (400, 21451)),
        ({"PhoneNumber": NUMBER, "SmsMethod": "PUT"}, (400, 21403)),
        ({"PhoneNumber": NUMBER, "SmsUrl": "example.com"}, (400, 21402)),
        ({"PhoneNumber": NUMBER, "StatusCallback": "ftp://example.com"}, (400, 21402)),
        ({"PhoneNumber": NUMBER, "VoiceApplicationSid": "AP" + "0" * 32}, (400, 21420)),
        ({"PhoneNumber": NUMBER, "AddressSid": "AD" + "0" * 32}, (404, 20404)),
        ({"PhoneNumber": NUMBER, "FriendlyName": "x" * 65}, (400, 20002)),
        ({"PhoneNumber": NUMBER, "SmsApplicationSid": "AP1"}, (404, 20404)),
    ],
)
async def test_what_cannot_be_bought_is_refused(
    app_server: AppServer, acme: NewAccount, wanted: dict[str, str], refused: tuple[int, int]
) -> None:
    async with calling(app_server, acme) as client:
        assert refusal(await client.post(f"{incoming(acme)}.json", data=wanted)) == refused


@pytest.mark.parametrize(
    ("wanted", "outcome"),
    [
        ({"PhoneNumber": "+15005550006"}, "+15005550006"),
        ({"AreaCode": "500"}, "+15005550006"),
        ({"PhoneNumber": "+15005550000"}, (400, 21422)),
        ({"PhoneNumber": "+15005550001"}, (400, 21421)),
        ({"AreaCode": "533"}, (400, 21452)),
    ],
)
async def test_test_credentials_buy_nothing_and_hear_what_buying_would_have_said(
    app_server: AppServer, acme: NewAccount, wanted: dict[str, str], outcome: Any
) -> None:
    async with calling(app_server, acme) as client:
        path = f"{ROOT}/{acme.test_sid}/IncomingPhoneNumbers.json"
        answer = await client.post(path, data=wanted, auth=(acme.test_sid, acme.test_auth_token))
        kept = (await client.get(f"{incoming(acme)}.json")).json()
        search = f"{ROOT}/{acme.test_sid}/AvailablePhoneNumbers/US/Local.json"
        assert refusal(await client.get(search, auth=(acme.test_sid, acme.test_auth_token))) == (403, 20008)
    assert (answer.json()["phone_number"] if answer.status_code == 201 else refusal(answer)) == outcome
    assert kept["incoming_phone_numbers"] == []


async def test_countries_say_which_kinds_they_have(app_server: AppServer, acme: NewAccount) -> None:
    root = f"{ROOT}/{acme.account.sid}/AvailablePhoneNumbers"
    async with calling(app_server, acme) as client:
        countries = (await client.get(f"{root}.json")).json()["countries"]
        britain = (await client.get(f"{root}/GB.json")).json()
        nowhere = await client.get(f"{root}/ZZ.json")
        machines = (await client.get(f"{root}/US/MachineToMachine.json")).json()
        pattern = await client.get(f"{root}/US/Local.json?Contains=5")
        area = await client.get(f"{root}/US/Local.json?AreaCode=abc")
    assert len(countries) > 200
    assert britain["country"] == "United Kingdom"
    assert britain["subresource_uris"]["mobile"] == f"{root}/GB/Mobile.json"
    assert machines["available_phone_numbers"] == []
    assert [refusal(one) for one in (nowhere, pattern, area)] == [(404, 20404), (400, 20001), (400, 20001)]


async def test_a_number_has_no_add_ons(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme) as client:
        bought = (await client.post(f"{incoming(acme)}.json", data={"PhoneNumber": NUMBER})).json()
        listed = (await client.get(bought["subresource_uris"]["assigned_add_ons"])).json()
        added = await client.post(bought["subresource_uris"]["assigned_add_ons"], data={"InstalledAddOnSid": "XE1"})
    assert listed["assigned_add_ons"] == []
    assert refusal(added) == (404, 20404)
