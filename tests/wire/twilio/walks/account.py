"""Accounts, and what they have for themselves: keys, tokens, credentials and permissions."""

import json
from typing import Any

from tests.wire.twilio.walks.ground import Ground, is_gone, is_listed, refusal, sids


def accounts(ground: Ground) -> None:
    made = [ground.parent.api.accounts.create(friendly_name=f"Of {ground.client.account_sid}") for _ in range(3)]
    name, newest_first = made[0].friendly_name, list(reversed(sids(made)))
    is_listed(ground.parent.api.accounts, newest_first, friendly_name=name)
    branch = ground.parent.api.accounts(newest_first[0])
    assert branch.update(status="suspended").status == "suspended"
    is_listed(ground.parent.api.accounts, newest_first[1:], friendly_name=name, status="active")
    assert sids(ground.parent.api.accounts.list(friendly_name=name, status="suspended")) == newest_first[:1]
    assert branch.update(status="closed").status == "closed"
    assert branch.fetch().status == "closed"
    assert refusal(lambda: branch.update(status="active"))[0] == 400


def keys(ground: Ground) -> None:
    api = ground.client
    for new, listed in ((api.new_keys, api.keys), (api.new_signing_keys, api.signing_keys)):
        before = sids(listed.list())
        made = [new.create(friendly_name=f"Key {number}") for number in range(3)]
        assert all(one.secret for one in made)
        is_listed(listed, [*reversed(sids(made)), *before])
        key = listed(str(made[0].sid))
        assert key.fetch().friendly_name == "Key 0"
        assert key.update(friendly_name="Deploy").friendly_name == "Deploy"
        assert key.update().friendly_name == "Deploy"
        assert key.delete()
        is_gone(key.fetch)


def auth_tokens(ground: Ground) -> None:
    sid, tokens = ground.client.account_sid, ground.client.accounts.v1
    second = tokens.secondary_auth_token().create()
    assert ground.client_of(sid, second.secondary_auth_token).api.accounts(sid).fetch().sid == sid
    assert tokens.secondary_auth_token().delete()
    assert refusal(ground.client_of(sid, second.secondary_auth_token).api.accounts(sid).fetch) == (401, 20003)
    third = tokens.secondary_auth_token().create()
    promoted = tokens.auth_token_promotion().update()
    assert promoted.auth_token == third.secondary_auth_token
    assert refusal(ground.client.api.accounts(sid).fetch) == (401, 20003)


def credentials(ground: Ground) -> None:
    kinds: list[tuple[Any, str]] = [
        (ground.client.accounts.v1.credentials.aws, "AKIAIOSFODNN7EXAMPLE:wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        (ground.client.accounts.v1.credentials.public_key, public_key()),
    ]
    for resource, content in kinds:
        made = [resource.create(content, friendly_name=f"Store {number}") for number in range(3)]
        is_listed(resource, list(reversed(sids(made))))
        credential = resource(str(made[0].sid))
        assert credential.fetch().friendly_name == "Store 0"
        assert credential.update(friendly_name="Archive").friendly_name == "Archive"
        assert credential.update().friendly_name == "Archive"
        assert credential.delete()
        is_gone(credential.fetch)


def public_key() -> str:
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = generate_private_key(public_exponent=65537, key_size=2048).public_key()
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def geo_permissions(ground: Ground) -> None:
    permissions = ground.client.accounts.v1.messaging_geopermissions

    def is_open(country: str) -> bool:
        [found] = list(permissions.fetch(country_code=country).permissions)
        return bool(found["enabled"])

    assert len(permissions.fetch().permissions) > 200
    assert is_open("US")
    changes: Any = [
        json.dumps({"country_code": country, "type": "country", "enabled": False}) for country in ("US", "XX")
    ]
    answers = permissions.update(permissions=changes).permissions
    assert [(one["country_code"], one["error_code"]) for one in answers] == [("US", 0), ("XX", 20404)]
    assert not is_open("US")
    number = ground.client.incoming_phone_numbers.create(area_code="415").phone_number
    assert refusal(lambda: ground.client.messages.create(to="+14155550100", from_=number, body="Hi")) == (400, 21408)


def safelist(ground: Ground) -> None:
    numbers = ground.client.accounts.v1.safelist
    assert numbers.create("+14155550123").phone_number == "+14155550123"
    assert str(numbers.fetch(phone_number="+14155550123").sid).startswith("GN")
    assert numbers.delete(phone_number="+14155550123")
    is_gone(lambda: numbers.fetch(phone_number="+14155550123"))
    assert refusal(lambda: numbers.create("nobody")) == (400, 60200)


def balance(ground: Ground) -> None:
    found = ground.client.balance.fetch()
    assert (found.account_sid, found.currency) == (ground.client.account_sid, "USD")
    assert float(found.balance or "")


def tokens(ground: Ground) -> None:
    made = ground.client.tokens.create(ttl=600)
    assert (made.ttl, bool(made.username), bool(made.password)) == ("600", True, True)
    assert ground.client.tokens.create().ttl == "86400"
    assert refusal(lambda: ground.client.tokens.create(ttl=-1)) == (400, 20001)
