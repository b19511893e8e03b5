"""Factors and challenges over the wire: an application on a person's phone makes the codes."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

import httpx
import pyotp
import pytest

from octavo.kernel.callbacks import deliveries
from octavo.kernel.context import Context
from octavo.products.comms.account.rows import NewAccount
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling

IDENTITY = "ff483d1ff591898a9942916050d2ca3f"


@pytest.fixture
async def client(app_server: AppServer, acme: NewAccount) -> AsyncIterator[httpx.AsyncClient]:
    async with calling(app_server, acme, host="verify") as client:
        yield client


async def a_service(client: httpx.AsyncClient) -> str:
    answer = await client.post("/v2/Services", data={"FriendlyName": "Owl Bank", "Totp.Issuer": "Owls"})
    return f"/v2/Services/{answer.json()['sid']}"


async def a_factor(client: httpx.AsyncClient, service: str, **others: str) -> tuple[str, pyotp.TOTP]:
    """The path of a new factor, and what the person's application makes of its address."""
    form = {"FriendlyName": "Ida's phone", "FactorType": "totp"} | others
    made = await client.post(f"{service}/Entities/{IDENTITY}/Factors", data=form)
    assert made.status_code == 201, made.text
    assert "secret" in made.json()["binding"]
    totp = pyotp.parse_uri(made.json()["binding"]["uri"])
    assert isinstance(totp, pyotp.TOTP)
    return f"{service}/Entities/{IDENTITY}/Factors/{made.json()['sid']}", totp


def sid_of(path: str) -> str:
    return path.rpartition("/")[2]


def wrong(totp: pyotp.TOTP) -> str:
    """A code of no time near to now."""
    near = {totp.at(datetime.now(UTC) + timedelta(seconds=30 * step)) for step in range(-3, 4)}
    return next(code for code in map("{:06}".format, range(len(near) + 1)) if code not in near)


async def test_the_first_code_verifies_a_factor_and_later_ones_approve_challenges(client: httpx.AsyncClient) -> None:
    service = await a_service(client)
    factor, totp = await a_factor(client, service)
    assert totp.issuer == "Owls"
    challenges = f"{service}/Entities/{IDENTITY}/Challenges"
    asked = {"FactorSid": sid_of(factor)}
    early = await client.post(challenges, data=asked)
    assert (early.status_code, early.json()["code"]) == (403, 60318)
    assert (await client.post(factor, data={"AuthPayload": wrong(totp)})).json()["status"] == "unverified"
    assert (await client.post(factor, data={"AuthPayload": totp.now()})).json()["status"] == "verified"
    assert "binding" not in (await client.get(factor)).json()
    waiting = await client.post(challenges, data=asked | {"AuthPayload": wrong(totp)})
    assert (waiting.status_code, waiting.json()["status"]) == (201, "pending")
    path = f"{challenges}/{waiting.json()['sid']}"
    code = totp.now()
    answered = await client.post(path, data={"AuthPayload": code})
    assert (answered.json()["status"], answered.json()["date_responded"] is None) == ("approved", False)
    twice = await client.post(path, data={"AuthPayload": code})
    assert (twice.status_code, twice.json()["code"]) == (400, 60308)
    replayed = await client.post(challenges, data=asked | {"AuthPayload": code})
    assert replayed.json()["status"] == "pending"
    listed = (await client.get(challenges, params={"Status": "approved"})).json()["challenges"]
    assert [one["sid"] for one in listed] == [waiting.json()["sid"]]


async def test_a_factor_is_as_its_service_has_it_unless_it_says_otherwise(client: httpx.AsyncClient) -> None:
    service = await a_service(client)
    secret = pyotp.random_base32()
    others = {"Config.Alg": "sha256", "Config.CodeLength": "8", "Binding.Secret": secret, "Metadata": '{"os": "x"}'}
    factor, totp = await a_factor(client, service, **others)
    shown = (await client.get(factor)).json()
    assert shown["config"] == {"alg": "sha256", "skew": 1, "code_length": 8, "time_step": 30}
    assert (shown["metadata"], totp.secret) == ({"os": "x"}, secret)
    assert (await client.post(factor, data={"AuthPayload": totp.now()})).json()["status"] == "verified"


async def test_too_many_wrong_codes_lock_a_factor(client: httpx.AsyncClient) -> None:
    factor, totp = await a_factor(client, await a_service(client))
    for _ in range(5):
        assert (await client.post(factor, data={"AuthPayload": wrong(totp)})).status_code == 200
    locked = await client.post(factor, data={"AuthPayload": totp.now()})
    assert (locked.status_code, locked.json()["code"]) == (429, 60306)


async def test_people_are_listed_and_forgotten(client: httpx.AsyncClient) -> None:
    service = await a_service(client)
    made = await client.post(f"{service}/Entities", data={"Identity": IDENTITY})
    factor, _ = await a_factor(client, service)
    assert [one["sid"] for one in (await client.get(f"{service}/Entities")).json()["entities"]] == [made.json()["sid"]]
    assert (await client.get(f"{service}/Entities/{IDENTITY}/Factors")).json()["meta"]["key"] == "factors"
    assert (await client.delete(f"{service}/Entities/{IDENTITY}")).status_code == 204
    assert (await client.get(factor)).status_code == 404


@pytest.mark.parametrize(
    "form",
    [
        {"FactorType": "totp"},
        {"FriendlyName": "phone"},
        {"FriendlyName": "phone", "FactorType": "push"},
        {"FriendlyName": "phone", "FactorType": "totp", "Binding.Secret": "no base32"},
        {"FriendlyName": "phone", "FactorType": "totp", "Config.Skew": "9"},
        {"FriendlyName": "phone", "FactorType": "totp", "Config.TimeStep": "soon"},
    ],
)
async def test_what_is_no_factor_is_refused(client: httpx.AsyncClient, form: dict[str, str]) -> None:
    refused = await client.post(f"{await a_service(client)}/Entities/{IDENTITY}/Factors", data=form)
    assert (refused.status_code, refused.json()["code"]) == (400, 60200)


async def test_webhooks_are_told_of_what_they_ask_for(
    client: httpx.AsyncClient, ctx: Context, acme: NewAccount
) -> None:
    service = await a_service(client)
    form = {"FriendlyName": "hook", "EventTypes": "factor.verified", "WebhookUrl": "https://a.example/verify"}
    made = await client.post(f"{service}/Webhooks", data=form)
    assert (made.status_code, made.json()["webhook_method"]) == (201, "POST")
    factor, totp = await a_factor(client, service)
    await client.post(factor, data={"AuthPayload": totp.now()})
    [told] = await deliveries(ctx.db.main, acme.account.id)
    fields = dict(parse_qsl(told.fields))
    assert (fields["Type"], fields["FactorSid"], fields["Identity"]) == ("factor.verified", sid_of(factor), IDENTITY)
    path = f"{service}/Webhooks/{made.json()['sid']}"
    assert (await client.post(path, data={"Status": "disabled"})).json()["status"] == "disabled"
    assert (await client.post(path, data={"EventTypes": "factor.eaten"})).json()["code"] == 60200
    assert (await client.delete(path)).status_code == 204
