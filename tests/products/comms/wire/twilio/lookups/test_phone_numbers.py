"""Lookups over the wire."""

from octavo.kernel.context import Context
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.number.actions import buy_number
from octavo.products.comms.usage.queries import used
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling

PACKAGES = {
    "caller_name",
    "sim_swap",
    "call_forwarding",
    "line_status",
    "line_type_intelligence",
    "identity_match",
    "reassigned_number",
    "sms_pumping_risk",
    "phone_number_quality_score",
    "pre_fill",
}


async def test_a_lookup_tells_validity_and_only_the_packages_that_were_asked_for(
    app_server: AppServer, acme: NewAccount
) -> None:
    async with calling(app_server, acme, "lookups") as client:
        plain = (await client.get("/v2/PhoneNumbers/+14152051240")).json()
        asked = {"Fields": "line_type_intelligence, caller_name"}
        more = (await client.get("/v2/PhoneNumbers/4152051240", params=asked)).json()
    assert (plain["valid"], plain["country_code"], plain["calling_country_code"]) == (True, "US", "1")
    assert (plain["national_format"], plain["validation_errors"]) == ("(415) 205-1240", [])
    assert [plain[name] for name in PACKAGES] == [None] * len(PACKAGES)
    assert plain["url"] == "https://lookups.twilio.com/v2/PhoneNumbers/+14152051240"
    assert {name for name in PACKAGES if more[name] is not None} == {"line_type_intelligence", "caller_name"}
    assert more["phone_number"] == "+14152051240"


async def test_every_package_answers(app_server: AppServer, acme: NewAccount) -> None:
    american = {
        "Fields": ",".join(PACKAGES - {"call_forwarding"}),
        "FirstName": "Ada",
        "LastVerifiedDate": "2026-01-01",
    }
    async with calling(app_server, acme, "lookups") as client:
        found = (await client.get("/v2/PhoneNumbers/+14152051212", params=american)).json()
        british = (await client.get("/v2/PhoneNumbers/+447400123456?Fields=call_forwarding")).json()
    assert {name for name in PACKAGES if found[name]} == PACKAGES - {"call_forwarding"}
    assert found["identity_match"]["first_name_match"] == "no_data_available"
    assert british["call_forwarding"] == {"call_forwarding_enabled": False, "error_code": None}


async def test_a_package_that_does_not_reach_a_number_says_so(app_server: AppServer, acme: NewAccount) -> None:
    asked = {"Fields": "caller_name,line_type_intelligence,reassigned_number,sim_swap,call_forwarding"}
    # The vendor's document forgets that these may be null.
    async with calling(app_server, acme, "lookups", as_documented=False) as client:
        british = (await client.get("/v2/PhoneNumbers/+447400123456", params=asked)).json()
        landline = (await client.get("/v2/PhoneNumbers/+441212345678", params=asked)).json()
    assert british["caller_name"] == {"caller_name": None, "caller_type": None, "error_code": 60600}
    assert british["line_type_intelligence"]["type"] == "mobile"
    assert british["reassigned_number"]["error_code"] == "60617"
    assert (british["sim_swap"]["error_code"], landline["sim_swap"]["error_code"]) == (None, 60600)
    assert british["call_forwarding"]["call_forwarding_enabled"] is False


async def test_a_number_that_is_not_valid_is_told_in_version_2_and_not_found_in_version_1(
    app_server: AppServer, acme: NewAccount
) -> None:
    async with calling(app_server, acme, "lookups") as client:
        new = (await client.get("/v2/PhoneNumbers/+141599299600?Fields=line_type_intelligence")).json()
        old = await client.get("/v1/PhoneNumbers/+141599299600")
        field = await client.get("/v2/PhoneNumbers/+14152051240?Fields=astrology")
    assert (new["valid"], new["validation_errors"], new["country_code"]) == (False, ["TOO_LONG"], None)
    assert new["line_type_intelligence"] is None
    assert (old.status_code, old.json()["code"]) == (404, 20404)
    assert (field.status_code, field.json()["code"]) == (400, 20001)


async def test_an_owned_number_is_known_by_the_account_that_has_it(
    app_server: AppServer, acme: NewAccount, ctx: Context
) -> None:
    await buy_number(ctx, acme.account, "+14152051240")
    async with calling(app_server, acme, "lookups") as client:
        found = (await client.get("/v1/PhoneNumbers/+14152051240?Type=carrier&Type=caller-name")).json()
    assert found["caller_name"] == {"caller_name": "Acme", "caller_type": "BUSINESS", "error_code": None}
    assert (found["carrier"]["type"], found["carrier"]["name"]) == ("voip", "Octavo")


async def test_each_package_is_counted(app_server: AppServer, ctx: Context, acme: NewAccount) -> None:
    asked = {"Fields": "line_type_intelligence,caller_name,sim_swap"}
    async with calling(app_server, acme, "lookups") as client:
        for where in ({}, asked, {"Fields": "validation"}):
            await client.get("/v2/PhoneNumbers/+14152051240", params=where)
        await client.get("/v2/PhoneNumbers/12", params=asked)
        await client.get("/v1/PhoneNumbers/+14152051240", params={"Type": "carrier"})
    counted = {
        name: (await used(ctx.db.main, acme.account.id, name, ctx.now.date())).count
        for name in ("lookups", "number-format-lookups", "carrier-lookups", "calleridlookups")
    }
    price = (await used(ctx.db.main, acme.account.id, "lookups", ctx.now.date())).price
    assert price == 2 * 8_000 + 10_000 + 10_000  # two carriers, a name, and a package that is counted under its sum
    assert counted == {"lookups": 7, "number-format-lookups": 3, "carrier-lookups": 2, "calleridlookups": 1}
