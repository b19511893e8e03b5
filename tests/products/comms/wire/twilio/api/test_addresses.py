"""Addresses over the wire."""

import httpx
import pytest

from octavo.products.comms.account.rows import NewAccount
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling

ROOT = "/2010-04-01/Accounts"
OFFICE = {
    "CustomerName": "Acme",
    "Street": "1 Long Lane",
    "City": "Springfield",
    "Region": "OR",
    "PostalCode": "97477",
    "IsoCountry": "us",
    "FriendlyName": "Office",
}


def addresses(new: NewAccount) -> str:
    return f"{ROOT}/{new.account.sid}/Addresses"


def refusal(answer: httpx.Response) -> tuple[int, int]:
    return answer.status_code, answer.json()["code"]


async def test_an_address_is_written_down_read_changed_and_taken_away(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme) as client:
        answer = await client.post(f"{addresses(acme)}.json", data=OFFICE)
        made = answer.json()
        assert (answer.status_code, made["city"], made["iso_country"]) == (201, "Springfield", "US")
        assert (made["street_secondary"], made["validated"], made["verified"]) == (None, False, False)
        changed = (await client.post(made["uri"], data={"Street": "2 Long Lane", "StreetSecondary": "Floor 3"})).json()
        assert (changed["street"], changed["street_secondary"], changed["city"]) == (
            "2 Long Lane",
            "Floor 3",
            "Springfield",
        )
        assert (await client.get(made["uri"])).json() == changed
        assert (await client.delete(made["uri"])).status_code == 204
        assert refusal(await client.get(made["uri"])) == (404, 20404)


async def test_addresses_are_listed_with_filters(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme) as client:
        await client.post(f"{addresses(acme)}.json", data=OFFICE)
        await client.post(f"{addresses(acme)}.json", data=OFFICE | {"CustomerName": "Zoe", "IsoCountry": "DE"})

        async def names(**wanted: str) -> list[str]:
            listed = (await client.get(f"{addresses(acme)}.json", params=wanted)).json()["addresses"]
            return [one["customer_name"] for one in listed]

        assert await names() == ["Zoe", "Acme"]
        assert await names(IsoCountry="DE") == ["Zoe"]
        assert await names(CustomerName="Acme", FriendlyName="Office") == ["Acme"]
        assert await names(EmergencyEnabled="true") == []


@pytest.mark.parametrize(
    ("wrong", "refused"),
    [
        ({"Street": ""}, (400, 20001)),
        ({"IsoCountry": ""}, (400, 20001)),
        ({"IsoCountry": "ZZ"}, (400, 21628)),
        ({"City": "x" * 300}, (400, 21628)),
        ({"FriendlyName": "x" * 65}, (400, 20002)),
    ],
)
async def test_an_address_that_is_not_whole_is_refused(
    app_server: AppServer, acme: NewAccount, wrong: dict[str, str], refused: tuple[int, int]
) -> None:
    async with calling(app_server, acme) as client:
        assert refusal(await client.post(f"{addresses(acme)}.json", data=OFFICE | wrong)) == refused


async def test_an_address_stays_while_numbers_depend_on_it(app_server: AppServer, acme: NewAccount) -> None:
    async with calling(app_server, acme) as client:
        made = (await client.post(f"{addresses(acme)}.json", data=OFFICE)).json()
        wanted = {"AreaCode": "415", "AddressSid": made["sid"]}
        number = (await client.post(f"{ROOT}/{acme.account.sid}/IncomingPhoneNumbers.json", data=wanted)).json()
        path = f"{addresses(acme)}/{made['sid']}/DependentPhoneNumbers.json"
        dependents = (await client.get(path)).json()["dependent_phone_numbers"]
        assert [one["sid"] for one in dependents] == [number["sid"]]
        assert dependents[0]["capabilities"] == {"Voice": True, "SMS": True, "MMS": True}
        assert refusal(await client.delete(made["uri"])) == (409, 20009)
        await client.post(number["uri"], data={"AddressSid": ""})
        assert (await client.delete(made["uri"])).status_code == 204
        assert refusal(await client.get(path)) == (404, 20404)
