"""Credentials that accounts leave, trusted numbers, and tokens for media, over the wire."""

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from octavo.kernel.clock import now
from octavo.kernel.context import Context
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.wire.twilio.api.tokens import relay_password
from tests.harness.web import AppServer
from tests.products.comms.wire.calls import calling

AWS = "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"


def pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


async def test_a_public_key_is_kept_and_never_shown(app_server: AppServer, ctx: Context, acme: NewAccount) -> None:
    key = pem(rsa.generate_private_key(65537, 2048))
    async with calling(app_server, acme, host="accounts") as client:
        made = await client.post("/v1/Credentials/PublicKeys", data={"PublicKey": key, "FriendlyName": "Shop"})
        path = f"/v1/Credentials/PublicKeys/{made.json()['sid']}"
        assert (made.status_code, set(made.json()) & {"public_key", "credentials"}) == (201, set())
        assert (await client.post(path, data={"FriendlyName": "Stall"})).json()["friendly_name"] == "Stall"
        assert [
            one["friendly_name"] for one in (await client.get("/v1/Credentials/PublicKeys")).json()["credentials"]
        ] == ["Stall"]
        assert (await client.get("/v1/Credentials/AWS")).json()["credentials"] == []
        stored = await ctx.db.main.column("SELECT sealed_content FROM comms.credential")
        assert not [one for one in stored if b"PUBLIC KEY" in one]
        assert (await client.delete(path)).status_code == 204
        assert (await client.get(path)).json()["code"] == 20404


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("PublicKeys", {"PublicKey": "no key"}),
        ("PublicKeys", {"PublicKey": pem(ec.generate_private_key(ec.SECP256R1()))}),
        ("AWS", {"Credentials": "no key"}),
        ("AWS", {"Credentials": AWS, "FriendlyName": "x" * 65}),
    ],
)
async def test_what_is_no_credential_is_refused(
    app_server: AppServer, acme: NewAccount, kind: str, form: dict[str, str]
) -> None:
    async with calling(app_server, acme, host="accounts") as client:
        refused = await client.post(f"/v1/Credentials/{kind}", data=form)
    assert (refused.status_code, refused.json()["code"]) == (400, 20001)


async def test_credentials_are_left_for_own_accounts_alone(
    app_server: AppServer, acme: NewAccount, another: NewAccount
) -> None:
    form = {"Credentials": AWS}
    async with calling(app_server, acme, host="accounts") as client:
        own = await client.post("/v1/Credentials/AWS", data=form | {"AccountSid": acme.account.sid})
        others = await client.post("/v1/Credentials/AWS", data=form | {"AccountSid": another.account.sid})
    assert (own.status_code, others.status_code) == (201, 404)


async def test_a_number_is_trusted_until_it_is_not(app_server: AppServer, acme: NewAccount) -> None:
    which = {"PhoneNumber": "+14155550142"}
    async with calling(app_server, acme, host="accounts") as client:
        assert (await client.get("/v1/SafeList/Numbers", params=which)).json()["code"] == 20404
        made = await client.post("/v1/SafeList/Numbers", data=which)
        assert made.json()["phone_number"] == which["PhoneNumber"]
        assert (await client.get("/v1/SafeList/Numbers", params=which)).json() == made.json()
        assert (await client.delete("/v1/SafeList/Numbers", params=which)).status_code == 204


async def test_tokens_open_the_relay_for_as_long_as_they_say(
    app_server: AppServer, ctx: Context, acme: NewAccount
) -> None:
    path = f"/2010-04-01/Accounts/{acme.account.sid}/Tokens.json"
    async with calling(app_server, acme) as client:
        made = await client.post(path, data={"Ttl": "60"})
        refused = await client.post(path, data={"Ttl": "86401"})
    assert (made.status_code, made.json()["ttl"], made.json()["ice_servers"]) == (201, "60", [])
    ends = int(made.json()["username"].partition(":")[0])
    assert int(ctx.now.timestamp()) + 60 <= ends <= now().timestamp() + 60
    assert (refused.status_code, refused.json()["code"]) == (400, 20001)


def test_relays_check_the_password_by_the_secret_they_share(ctx: Context) -> None:
    comms = msgspec.structs.replace(ctx.settings.comms, ice_secret="north")
    # openssl: printf 1433895918:joe | openssl dgst -sha1 -hmac north -binary | base64
    assert relay_password(comms, "1433895918:joe") == "qIKLycDNedtES9zmf0+jimWXifE="
