"""Verifications over the wire: the code that a handset or a mailbox received comes back."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from octavo.kernel.context import Context
from octavo.kernel.mail import outbox
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.guard.actions import keep_policy
from octavo.products.comms.guard.queries import refused_since
from octavo.products.comms.guard.rows import Policy
from octavo.products.comms.usage.queries import used
from octavo.products.comms.verify.verification.actions import expire_verifications
from octavo.products.comms.verify.verification.queries import calls_heard
from octavo.products.comms.verify.verification.redaction import redact_codes
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling

PERSON = "+14155550142"
ADDRESS = "ida@example.com"


@pytest.fixture
async def client(app_server: AppServer, acme: NewAccount) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(app_server, acme, host="verify") as client:
        yield client


async def a_service(client: httpx.AsyncClient, **others: str) -> str:
    answer = await client.post("/v2/Services", data={"FriendlyName": "Owl Bank"} | others)
    assert answer.status_code == 201, answer.text
    return f"/v2/Services/{answer.json()['sid']}"


async def text_to(ctx: Context, number: str) -> str:
    """The newest text that went out to a number."""
    found: str = await ctx.db.main.value(
        "SELECT body FROM comms.message WHERE recipient = $1 ORDER BY id DESC LIMIT 1", number
    )
    return found


async def code_for(ctx: Context, number: str = PERSON) -> str:
    found = re.search(r"\d{4,10}$", await text_to(ctx, number))
    assert found is not None
    return found[0]


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"


async def test_the_code_from_the_text_approves_the_verification(
    client: httpx.AsyncClient, ctx: Context, acme: NewAccount
) -> None:
    service = await a_service(client)
    started = await client.post(f"{service}/Verifications", data={"To": PERSON, "Channel": "sms"})
    assert (started.status_code, started.json()["status"], started.json()["valid"]) == (201, "pending", False)
    assert (await text_to(ctx, PERSON)).startswith("Your Owl Bank verification code is: ")
    code = await code_for(ctx)
    missed = await client.post(f"{service}/VerificationCheck", data={"To": PERSON, "Code": wrong(code)})
    assert (missed.json()["status"], missed.json()["valid"]) == ("pending", False)
    checked = await client.post(f"{service}/VerificationCheck", data={"To": PERSON, "Code": code})
    assert (checked.status_code, checked.json()["status"], checked.json()["valid"]) == (201, "approved", True)
    again = await client.post(f"{service}/VerificationCheck", data={"To": PERSON, "Code": code})
    gone = await client.get(f"{service}/Verifications/{started.json()['sid']}")
    for category in ("authy-phone-verifications", "authy-sms-outbound"):
        assert (await used(ctx.db.main, acme.account.id, category, ctx.now.date())).count == 1
    assert [(one.status_code, one.json()["code"]) for one in (again, gone)] == [(404, 20404)] * 2


async def test_asking_again_sends_the_same_code_and_only_five_times(client: httpx.AsyncClient, ctx: Context) -> None:
    service = await a_service(client, CodeLength="8")
    start = {"To": PERSON, "Channel": "sms"}
    codes, sids = set(), set()
    for _ in range(5):
        sids.add((await client.post(f"{service}/Verifications", data=start)).json()["sid"])
        codes.add(await code_for(ctx))
    assert (len(sids), len(codes), len(codes.pop())) == (1, 1, 8)
    sixth = await client.post(f"{service}/Verifications", data=start)
    assert (sixth.status_code, sixth.json()["code"]) == (429, 60203)
    canceled = await client.post(f"{service}/Verifications/{sids.pop()}", data={"Status": "canceled"})
    assert canceled.json()["status"] == "canceled"
    assert len(canceled.json()["send_code_attempts"]) == 5
    assert (await client.post(f"{service}/Verifications", data=start)).status_code == 201


async def test_after_five_wrong_codes_the_right_one_does_not_help(client: httpx.AsyncClient, ctx: Context) -> None:
    service = await a_service(client)
    await client.post(f"{service}/Verifications", data={"To": PERSON, "Channel": "sms"})
    code = await code_for(ctx)
    for _ in range(5):
        missed = await client.post(f"{service}/VerificationCheck", data={"To": PERSON, "Code": wrong(code)})
        assert missed.status_code == 201
    refused = await client.post(f"{service}/VerificationCheck", data={"To": PERSON, "Code": code})
    anew = await client.post(f"{service}/Verifications", data={"To": PERSON, "Channel": "sms"})
    assert [(one.status_code, one.json()["code"]) for one in (refused, anew)] == [(429, 60202)] * 2


async def test_a_call_says_the_code_to_the_handset(client: httpx.AsyncClient, ctx: Context, acme: NewAccount) -> None:
    service = await a_service(client)
    started = await client.post(f"{service}/Verifications", data={"To": PERSON, "Channel": "call", "Locale": "de"})
    assert started.json()["channel"] == "call"
    [heard] = await calls_heard(ctx, acme.account.id, PERSON)
    assert heard.words.startswith("Guten Tag. Ihr Bestätigungscode")
    code = "".join(re.findall(r"\d", heard.words)[:6])
    checked = await client.post(
        f"{service}/VerificationCheck", data={"VerificationSid": started.json()["sid"], "Code": code}
    )
    assert checked.json()["valid"]
    assert await calls_heard(ctx, acme.account.id, PERSON) == []


async def test_a_mail_brings_the_code(client: httpx.AsyncClient, ctx: Context) -> None:
    service = await a_service(client, DoNotShareWarningEnabled="true")
    await client.post(f"{service}/Verifications", data={"To": "Ida@Example.com", "Channel": "email"})
    [mail] = await outbox(ctx.db.main, ADDRESS)
    assert "Don't share this code" in mail.text
    code = re.findall(r"\d{6}", mail.text)[0]
    checked = await client.post(f"{service}/VerificationCheck", data={"To": ADDRESS, "Code": code})
    assert (checked.json()["channel"], checked.json()["valid"]) == ("email", True)


async def test_under_psd2_the_code_is_good_for_its_payment_alone(client: httpx.AsyncClient, ctx: Context) -> None:
    service = await a_service(client, Psd2Enabled="true")
    payment = {"Amount": "€39.99", "Payee": "Acme"}
    without = await client.post(f"{service}/Verifications", data={"To": PERSON, "Channel": "sms"})
    assert (without.status_code, without.json()["code"]) == (400, 60200)
    await client.post(f"{service}/Verifications", data={"To": PERSON, "Channel": "sms"} | payment)
    assert "authorize a payment of €39.99 to Acme" in await text_to(ctx, PERSON)
    answer = {"To": PERSON, "Code": await code_for(ctx)}
    other = await client.post(f"{service}/VerificationCheck", data=answer | payment | {"Amount": "€3999"})
    assert not other.json()["valid"]
    assert (await client.post(f"{service}/VerificationCheck", data=answer | payment)).json()["valid"]


async def test_own_codes_are_taken_where_the_service_allows_them(client: httpx.AsyncClient, ctx: Context) -> None:
    start = {"To": PERSON, "Channel": "sms", "CustomCode": "0042"}
    refused = await client.post(f"{await a_service(client)}/Verifications", data=start)
    assert (refused.status_code, refused.json()["code"]) == (403, 60204)
    service = await a_service(client, CustomCodeEnabled="true")
    await client.post(f"{service}/Verifications", data=start)
    assert (await text_to(ctx, PERSON)).endswith(": 0042")


async def test_texts_to_landlines_are_refused_where_the_service_looks(client: httpx.AsyncClient) -> None:
    service = await a_service(client, LookupEnabled="true", SkipSmsToLandlines="true")
    landline = await client.post(f"{service}/Verifications", data={"To": "+493012345678", "Channel": "sms"})
    assert (landline.status_code, landline.json()["code"]) == (403, 60205)
    called = await client.post(f"{service}/Verifications", data={"To": "+493012345678", "Channel": "call"})
    assert called.json()["lookup"]["carrier"]["type"] == "landline"


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"Channel": "sms"}, 60200),
        ({"To": "12", "Channel": "sms"}, 60200),
        ({"To": PERSON}, 60200),
        ({"To": PERSON, "Channel": "pigeon"}, 60200),
        ({"To": PERSON, "Channel": "whatsapp"}, 60223),
        ({"To": PERSON, "Channel": "email"}, 60200),
        ({"To": PERSON, "Channel": "sms", "TemplateSid": "HJ" + "0" * 32}, 60228),
        ({"To": PERSON, "Channel": "sms", "RateLimits": "["}, 60200),
    ],
)
async def test_what_cannot_be_verified_is_refused(client: httpx.AsyncClient, form: dict[str, str], code: int) -> None:
    refused = await client.post(f"{await a_service(client)}/Verifications", data=form)
    assert refused.json()["code"] == code


async def test_a_rate_limit_counts_by_value(client: httpx.AsyncClient) -> None:
    service = await a_service(client)
    made = await client.post(f"{service}/RateLimits", data={"UniqueName": "end_user_ip"})
    limit = f"{service}/RateLimits/{made.json()['sid']}"
    bucket = await client.post(f"{limit}/Buckets", data={"Max": "2", "Interval": "60"})
    assert (bucket.status_code, bucket.json()["max"], bucket.json()["interval"]) == (201, 2, 60)
    statuses = []
    for value in ("127.0.0.1", "127.0.0.1", "127.0.0.1", "127.0.0.2"):
        form = {"To": PERSON, "Channel": "sms", "RateLimits": f'{{"end_user_ip": "{value}"}}'}
        statuses.append((await client.post(f"{service}/Verifications", data=form)).status_code)
    assert statuses == [201, 201, 429, 201]
    twice = await client.post(f"{limit}/Buckets", data={"Max": "5", "Interval": "60"})
    assert (twice.status_code, twice.json()["code"]) == (400, 60200)
    await client.post(f"{limit}/Buckets/{bucket.json()['sid']}", data={"Max": "3"})
    assert (await client.get(f"{limit}/Buckets")).json()["buckets"][0]["max"] == 3
    assert (await client.delete(limit)).status_code == 204


async def test_attempts_tell_which_codes_came_back(client: httpx.AsyncClient, ctx: Context) -> None:
    service = await a_service(client)
    for number in (PERSON, "+493012345678"):
        await client.post(f"{service}/Verifications", data={"To": number, "Channel": "sms"})
    await client.post(f"{service}/VerificationCheck", data={"To": PERSON, "Code": await code_for(ctx)})
    listed = (await client.get("/v2/Attempts", params={"Status": "converted"})).json()["attempts"]
    assert [one["channel_data"]["to"] for one in listed] == [PERSON]
    assert (await client.get(f"/v2/Attempts/{listed[0]['sid']}")).json() == listed[0]
    summary = (await client.get("/v2/Attempts/Summary")).json()
    assert (summary["total_attempts"], summary["total_converted"]) == (2, 1)
    german = (await client.get("/v2/Attempts/Summary", params={"DestinationPrefix": "+49"})).json()
    assert (german["total_attempts"], german["total_unconverted"]) == (1, 1)


async def test_after_ten_minutes_the_code_is_worth_nothing_and_is_forgotten(
    client: httpx.AsyncClient, ctx: Context
) -> None:
    service = await a_service(client)
    await client.post(f"{service}/Verifications", data={"To": PERSON, "Channel": "sms"})
    code = await code_for(ctx)
    later = replace(ctx, now=ctx.now + timedelta(minutes=11))
    assert await expire_verifications(later) == 1
    await ctx.db.main.execute("UPDATE comms.message SET status = 'delivered' WHERE recipient = $1", PERSON)
    assert await redact_codes(later) == 1
    assert await text_to(ctx, PERSON) == ""
    late = await client.post(f"{service}/VerificationCheck", data={"To": PERSON, "Code": code})
    assert (late.status_code, late.json()["code"]) == (404, 20404)


async def test_services_of_others_are_not_there(
    app_server: AppServer, client: httpx.AsyncClient, another: NewAccount
) -> None:
    service = await a_service(client)
    async with calling(app_server, another, host="verify") as stranger:
        answers = [
            await stranger.get(service),
            await stranger.post(f"{service}/Verifications", data={"To": PERSON, "Channel": "sms"}),
            await stranger.post(f"{service}/VerificationCheck", data={"To": PERSON, "Code": "123456"}),
        ]
    assert [one.json()["code"] for one in answers] == [20404] * 3


async def test_a_service_is_changed_part_by_part(client: httpx.AsyncClient) -> None:
    service = await a_service(client, **{"Totp.Issuer": "Owls", "Push.IncludeDate": "false"})
    changed = await client.post(service, data={"CodeLength": "4", "Totp.TimeStep": "60"})
    shown = changed.json()
    assert (shown["code_length"], shown["totp"]["issuer"], shown["totp"]["time_step"]) == (4, "Owls", 60)
    assert shown["push"] == {"include_date": False, "apn_credential_sid": None, "fcm_credential_sid": None}
    for form in ({"CodeLength": "3"}, {"FriendlyName": ""}, {"FriendlyName": "12345"}, {"Totp.Skew": "9"}):
        refused = await client.post(service, data=form)
        assert (refused.status_code, refused.json()["code"]) == (400, 60200), form
    assert (await client.get("/v2/Services")).json()["meta"]["key"] == "services"
    assert (await client.delete(service)).status_code == 204
    assert (await client.get(service)).status_code == 404


async def test_templates_and_trusted_numbers(client: httpx.AsyncClient) -> None:
    templates = (await client.get("/v2/Templates")).json()["templates"]
    assert all(one["translations"]["en"]["is_default_translation"] for one in templates)
    assert (await client.get(f"/v2/SafeList/Numbers/{PERSON}")).status_code == 404
    made = await client.post("/v2/SafeList/Numbers", data={"PhoneNumber": PERSON})
    assert (await client.get(f"/v2/SafeList/Numbers/{PERSON}")).json() == made.json()
    assert (await client.delete(f"/v2/SafeList/Numbers/{PERSON}")).status_code == 204


async def test_the_guard_holds_codes_back_but_for_trusted_numbers(
    client: httpx.AsyncClient, ctx: Context, acme: NewAccount
) -> None:
    await keep_policy(ctx, Policy(account_id=acme.account.id, countries_allowed=["DE"]))
    service = await a_service(client)
    start = {"To": PERSON, "Channel": "sms"}
    refused = await client.post(f"{service}/Verifications", data=start)
    assert (refused.status_code, refused.json()["code"]) == (403, 60410)
    [noted] = await refused_since(ctx.db.main, acme.account.id, ctx.now - timedelta(hours=2), 10)
    assert (noted.number, noted.recipient, noted.messages) == (21408, PERSON, 1)
    await client.post("/v2/SafeList/Numbers", data={"PhoneNumber": PERSON})
    assert (await client.post(f"{service}/Verifications", data=start)).status_code == 201
