"""Caller ids over the wire."""

from dataclasses import replace

import httpx

from octavo.kernel.clock import now
from octavo.kernel.context import Context
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.caller_id import actions
from octavo.products.comms.sids import read_sid
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling

ROOT = "/2010-04-01/Accounts"
NUMBER = "+14152051240"


def refusal(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["code"]


async def test_a_number_is_verified_listed_renamed_and_forgotten(
    app_server: AppServer, acme: NewAccount, ctx: Context
) -> None:
    root = f"{ROOT}/{acme.account.sid}/OutgoingCallerIds"
    async with calling(app_server, acme) as client:
        asked = await client.post(f"{root}.json", data={"PhoneNumber": NUMBER, "FriendlyName": "Desk"})
        request = asked.json()
        assert asked.status_code == 200
        assert (request["phone_number"], request["friendly_name"]) == (NUMBER, "Desk")
        assert (await client.get(f"{root}.json")).json()["outgoing_caller_ids"] == []
        call_id = read_sid(request["call_sid"], "CA")
        later = replace(ctx, now=now())
        await actions.confirm(later, acme.account, call_id, request["validation_code"])
        (listed,) = (await client.get(f"{root}.json", params={"PhoneNumber": NUMBER})).json()["outgoing_caller_ids"]
        assert (listed["phone_number"], listed["friendly_name"]) == (NUMBER, "Desk")
        renamed = (await client.post(listed["uri"], data={"FriendlyName": "Front desk"})).json()
        assert renamed["friendly_name"] == "Front desk"
        assert (await client.get(listed["uri"])).json() == renamed
        assert (await client.get(f"{root}.json?FriendlyName=Desk")).json()["outgoing_caller_ids"] == []
        assert refusal(await client.post(f"{root}.json", data={"PhoneNumber": NUMBER})) == (400, 21450)
        assert (await client.delete(listed["uri"])).status_code == 204
        assert refusal(await client.get(listed["uri"])) == (404, 20404)


async def test_what_cannot_be_verified_is_refused(app_server: AppServer, acme: NewAccount) -> None:
    path = f"{ROOT}/{acme.account.sid}/OutgoingCallerIds.json"
    async with calling(app_server, acme) as client:
        answers = [
            await client.post(path, data={"PhoneNumber": "nobody"}),
            await client.post(path, data={"PhoneNumber": NUMBER, "CallDelay": "soon"}),
            await client.post(path, data={"PhoneNumber": NUMBER, "StatusCallbackMethod": "PUT"}),
        ]
    assert [refusal(one) for one in answers] == [(400, 21401), (400, 21454), (400, 21403)]
