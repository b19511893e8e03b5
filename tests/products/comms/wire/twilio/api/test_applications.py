"""Applications over the wire."""

import httpx

from octavo.products.comms.account.rows import NewAccount
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling

ROOT = "/2010-04-01/Accounts"


def refusal(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["code"]


async def test_an_application_is_made_read_changed_and_taken_away(app_server: AppServer, acme: NewAccount) -> None:
    root = f"{ROOT}/{acme.account.sid}/Applications"
    async with calling(app_server, acme) as client:
        wanted = {"FriendlyName": "Desk", "SmsUrl": "https://a.example/sms", "VoiceCallerIdLookup": "true"}
        answer = await client.post(f"{root}.json", data=wanted)
        made = answer.json()
        assert answer.status_code == 201
        assert (made["friendly_name"], made["sms_url"]) == ("Desk", "https://a.example/sms")
        assert made["voice_caller_id_lookup"] is True
        assert (made["voice_url"], made["voice_method"]) == (None, "POST")
        changed = (
            await client.post(made["uri"], data={"SmsStatusCallback": "https://a.example/status", "SmsUrl": ""})
        ).json()
        assert (changed["message_status_callback"], changed["sms_status_callback"]) == (
            "https://a.example/status",
            "https://a.example/status",
        )
        assert (changed["sms_url"], changed["friendly_name"]) == (None, "Desk")
        listed = (await client.get(f"{root}.json?FriendlyName=Desk")).json()["applications"]
        assert listed == [changed]
        assert (await client.get(f"{root}.json?FriendlyName=Other")).json()["applications"] == []
        assert (await client.delete(made["uri"])).status_code == 204
        assert refusal(await client.get(made["uri"])) == (404, 20404)
        assert refusal(await client.post(f"{root}.json", data={"VoiceUrl": "nothing"})) == (400, 21402)
        assert refusal(await client.post(f"{root}.json", data={"FriendlyName": "x" * 65})) == (400, 20002)


async def test_a_number_forgets_an_application_that_goes_away(
    app_server: AppServer, acme: NewAccount, another: NewAccount
) -> None:
    root = f"{ROOT}/{acme.account.sid}"
    async with calling(app_server, acme) as client:
        made = (await client.post(f"{root}/Applications.json")).json()
        wanted = {"AreaCode": "415", "SmsApplicationSid": made["sid"], "VoiceApplicationSid": made["sid"]}
        number = (await client.post(f"{root}/IncomingPhoneNumbers.json", data=wanted)).json()
        assert number["sms_application_sid"] == made["sid"]
        await client.delete(made["uri"])
        after = (await client.get(number["uri"])).json()
    assert (after["sms_application_sid"], after["voice_application_sid"]) == ("", "")


async def test_the_applications_of_others_are_not_there(
    app_server: AppServer, acme: NewAccount, another: NewAccount
) -> None:
    async with calling(app_server, acme) as client, calling(app_server, another) as stranger:
        made = (await client.post(f"{ROOT}/{acme.account.sid}/Applications.json")).json()
        theirs = f"{ROOT}/{another.account.sid}/Applications/{made['sid']}.json"
        answers = [
            await stranger.get(theirs),
            await stranger.post(theirs, data={"FriendlyName": "Mine"}),
            await stranger.delete(theirs),
        ]
    assert [refusal(one) for one in answers] == [(404, 20404)] * 3
