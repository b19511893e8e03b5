"""Messages go to hosted APIs as their documentation wants them, and every answer is understood."""

import asyncio
import base64
import dataclasses
import json
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web
from msgspec import structs

from octavo.kernel.context import Engines
from octavo.kernel.outgoing import close_outgoing
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.choice import carrier_for, carriers
from octavo.products.comms.carrier.http.rows import reference_of
from octavo.settings import load_settings
from tests.harness.receiver import Receiver, receiving
from tests.products.comms.carrier.http.providers import (
    PUBLIC,
    TOKEN,
    a_carrier,
    answering,
    engines_with,
    plivo_at,
    telnyx_at,
)
from tests.products.comms.carrier.submissions import RECIPIENT, SENDER, a_submission


@pytest.fixture
async def receiver(engines: Engines) -> AsyncIterator[Receiver]:
    async with receiving() as one:
        yield one
    await close_outgoing(engines)


async def test_plivo_gets_a_message_with_the_address_for_its_receipts(
    engines: Engines, receiver: Receiver, acme: NewAccount
) -> None:
    plivo_at(receiver)
    carrier = a_carrier(
        engines_with(engines, provider="plivo", key="MAID", secret="s3cret", url=f"{receiver.url}/plivo")
    )
    one = a_submission(acme.account.id, body="Grüße ✓", media_urls=["https://a.example/b.png"])
    [outcome] = await carrier.submit([one])
    assert (outcome.kind, outcome.carrier_ref) == ("accepted", "db3ce55a-7f1d")
    [got] = receiver.got
    assert base64.b64decode(got.headers["authorization"].removeprefix("Basic ")) == b"MAID:s3cret"
    assert json.loads(got.body) == {
        "src": SENDER,
        "dst": RECIPIENT,
        "text": "Grüße ✓",
        "type": "mms",
        "media_urls": ["https://a.example/b.png"],
        "url": f"{PUBLIC}/comms/gateway/{TOKEN}/receipts?reference={reference_of(one)}",
        "method": "POST",
    }


async def test_telnyx_gets_a_message_with_the_address_for_its_webhooks(
    engines: Engines, receiver: Receiver, acme: NewAccount
) -> None:
    telnyx_at(receiver)
    carrier = a_carrier(engines_with(engines, provider="telnyx", secret="KEY01", url=f"{receiver.url}/telnyx"))
    [outcome] = await carrier.submit([a_submission(acme.account.id)])
    assert (outcome.kind, outcome.carrier_ref) == ("accepted", "403172b9")
    [got] = receiver.got
    assert got.headers["authorization"] == "Bearer KEY01"
    content = json.loads(got.body)
    assert (content["from"], content["to"], content["text"]) == (SENDER, RECIPIENT, "Hello")
    assert content["webhook_url"].startswith(f"{PUBLIC}/comms/gateway/{TOKEN}/receipts?reference=")


@pytest.mark.parametrize("at", [telnyx_at, plivo_at])
async def test_a_text_that_goes_as_one_message_is_said_to_be_one(
    engines: Engines, receiver: Receiver, acme: NewAccount, at: Callable[[Receiver], None]
) -> None:
    at(receiver)
    provider = at.__name__.removesuffix("_at")
    carrier = a_carrier(engines_with(engines, provider=provider, key="M", secret="s", url=f"{receiver.url}/{provider}"))
    await carrier.submit([a_submission(acme.account.id, as_mms=True), a_submission(acme.account.id)])
    told = [json.loads(got.body) for got in receiver.got]
    assert sorted(one.get("type", "").lower() for one in told) == ["", "mms"]
    assert not any("media_urls" in one for one in told)


@pytest.mark.parametrize(
    ("status", "document", "kind", "code"),
    [
        (400, {"errors": [{"code": "40300", "title": "Blocked due to STOP message"}]}, "refused", 21610),
        (422, {"errors": [{"code": "40310", "title": "Invalid 'to' address"}]}, "refused", 21211),
        (400, {"errors": [{"code": "99999"}]}, "refused", 30008),
        (429, {"errors": [{"code": "10011"}]}, "later", None),
        (401, {"errors": [{"code": "10009"}]}, "later", None),
        (503, {}, "later", None),
        (500, {}, "doubtful", None),
        (200, {}, "doubtful", None),
    ],
)
async def test_what_telnyx_refuses_is_understood(
    engines: Engines,
    receiver: Receiver,
    acme: NewAccount,
    status: int,
    document: object,
    kind: str,
    code: int | None,
) -> None:
    receiver.answers["/telnyx"] = answering(status, document)
    carrier = a_carrier(engines_with(engines, provider="telnyx", url=f"{receiver.url}/telnyx"))
    [outcome] = await carrier.submit([a_submission(acme.account.id)])
    assert (outcome.kind, outcome.error_code) == (kind, code)


async def test_a_provider_that_asks_for_patience_gets_it(
    engines: Engines, receiver: Receiver, acme: NewAccount
) -> None:
    receiver.answers["/plivo"] = answering(429, {"error": "throttled"}, **{"Retry-After": "7"})
    carrier = a_carrier(engines_with(engines, provider="plivo", url=f"{receiver.url}/plivo"))
    [outcome] = await carrier.submit([a_submission(acme.account.id)])
    assert (outcome.kind, outcome.retry_after) == ("later", 7.0)


async def test_nothing_was_sent_where_nobody_listens(engines: Engines, receiver: Receiver, acme: NewAccount) -> None:
    carrier = a_carrier(engines_with(engines, provider="plivo", url="http://127.0.0.1:1/"))
    [outcome] = await carrier.submit([a_submission(acme.account.id)])
    assert outcome.kind == "later"


async def test_an_answer_that_breaks_off_leaves_doubt_and_doubt_fails(
    engines: Engines, receiver: Receiver, acme: NewAccount
) -> None:
    async def hang_up(_: object) -> web.StreamResponse:
        raise asyncio.CancelledError

    receiver.answers["/plivo"] = hang_up
    carrier = a_carrier(engines_with(engines, provider="plivo", url=f"{receiver.url}/plivo"))
    one = a_submission(acme.account.id)
    [outcome] = await carrier.submit([one])
    assert outcome.kind == "doubtful"
    [settled] = await carrier.settle([one])
    assert (settled.kind, settled.error_code) == ("refused", 30008)


async def test_doubt_is_sent_again_where_the_operator_wants_that(
    engines: Engines, receiver: Receiver, acme: NewAccount
) -> None:
    plivo_at(receiver)
    found = engines_with(engines, provider="plivo", url=f"{receiver.url}/plivo")
    comms = structs.replace(found.settings.comms, doubtful="resend")
    carrier = a_carrier(dataclasses.replace(found, settings=structs.replace(found.settings, comms=comms)))
    [settled] = await carrier.settle([a_submission(acme.account.id)])
    assert (settled.kind, len(receiver.got)) == ("accepted", 1)


async def test_a_template_escapes_its_values_for_where_they_stand(
    engines: Engines, receiver: Receiver, acme: NewAccount
) -> None:
    receiver.answers["/send/+14155550111"] = answering(200, {"messages": [{"id": 17}]})
    carrier = a_carrier(
        engines_with(
            engines,
            provider="template",
            url=f"{receiver.url}/send/${{to}}?from=${{from}}",
            secret="s3",
            headers=("Authorization: Token ${secret}",),
            body='{"text": "${body}", "ref": "${reference}"}',
            answer_reference="messages.0.id",
        )
    )
    one = a_submission(acme.account.id, body='Say "hi" & ${to}\n\\ back')
    [outcome] = await carrier.submit([one])
    assert (outcome.kind, outcome.carrier_ref) == ("accepted", "17")
    [got] = receiver.got
    assert got.headers["authorization"] == "Token s3"
    assert json.loads(got.body) == {"text": one.body, "ref": reference_of(one)}
    assert "from=%2B14155550100" in got.url.replace("+", "%2B")


async def test_a_template_of_a_form_is_a_form(engines: Engines, receiver: Receiver, acme: NewAccount) -> None:
    carrier = a_carrier(
        engines_with(
            engines,
            provider="template",
            url=f"{receiver.url}/form",
            content_type="application/x-www-form-urlencoded",
            body="to=${to}&text=${body}",
        )
    )
    [outcome] = await carrier.submit([a_submission(acme.account.id, body="a=b&c d")])
    assert outcome.kind == "accepted"
    assert receiver.got[0].form == {"to": RECIPIENT, "text": "a=b&c d"}


async def test_recipients_find_their_carrier_by_the_longest_beginning(engines: Engines, acme: NewAccount) -> None:
    settings = load_settings(
        engines.settings.data_dir, environ={}, comms={"carrier_routes": ["+44=smpp", "+4477=http"]}
    )
    to = [a_submission(acme.account.id, recipient=number) for number in ("+447700900123", "+442079460958", RECIPIENT)]
    assert [carrier_for(settings, one) for one in to] == ["http", "smpp", "simulated"]


async def test_without_a_provider_messages_wait_for_one(engines: Engines, acme: NewAccount) -> None:
    [outcome] = await carriers(engines)["http"].submit([a_submission(acme.account.id)])
    assert outcome.kind == "later"
