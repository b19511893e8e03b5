"""Callbacks of communications: signed for the official validator, and an alert where nobody takes them."""

import asyncio
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from aiohttp import web
from twilio.request_validator import RequestValidator

from octavo.kernel.callbacks import Callback
from octavo.kernel.context import Context, Engines
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.callback.sender import register
from octavo.products.comms.monitor.queries import alerts
from octavo.products.comms.monitor.rows import Alert, AlertFilter
from octavo.products.comms.monitor.words import words_of
from octavo.products.comms.paging import PageRequest
from octavo.settings import Settings
from tests.harness.names import nobody
from tests.harness.receiver import Receiver, impatient
from tests.kernel.callbacks.sending import delivering, sent

__all__ = ["nobody"]

MESSAGE = "SM" + "0" * 32
FORM = [("MessageSid", MESSAGE), ("MessageStatus", "delivered"), ("To", "+14155550100"), ("Body", "Grüße & mehr")]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return impatient(tmp_path / "data", attempts=3, timeout=15.0)


@pytest.fixture(autouse=True)
def _with_the_sender_of_accounts() -> None:
    register()


def told(acme: NewAccount, url: str, **others: object) -> Callback:
    given = {"kind": "comms.message_status", "subject": MESSAGE, "form": FORM} | others
    return Callback(owner_id=acme.account.id, thread=new_id(), url=url, **given)  # type: ignore[arg-type]


async def alerts_of(ctx: Context, acme: NewAccount, number: int) -> list[Alert]:
    """The account's alerts, oldest first, once there are so many."""
    async with asyncio.timeout(60):
        while len(found := (await alerts(ctx.db.main, acme.account.id, PageRequest(), AlertFilter())).items) < number:
            await asyncio.sleep(0.01)
        return found[::-1]


async def test_the_official_validator_takes_every_kind_of_callback(
    engines: Engines, acme: NewAccount, receiver: Receiver
) -> None:
    validator = RequestValidator(acme.auth_token)
    async with delivering(engines):
        await sent(
            engines,
            [
                told(acme, f"{receiver.url}/form?shop=1#rc=2"),
                told(acme, f"{receiver.url}/get", method="GET"),
                told(acme, f"{receiver.url}/json?shop=1", form=(), json='{"Body":"Grüße"}'.encode()),
                told(acme, receiver.url),
            ],
        )
        await receiver.until(4)
    for got in receiver.got:
        signature = got.headers["x-twilio-signature"]
        params = got.body.decode() if got.path == "/json" else got.form
        assert validator.validate(got.url, params, signature), got
        assert not RequestValidator("f" * 32).validate(got.url, params, signature)


async def test_a_fallback_is_told_the_code_and_the_address_that_failed(
    engines: Engines, ctx: Context, acme: NewAccount, receiver: Receiver
) -> None:
    receiver.answers["/bad"] = lambda _: web.Response(status=503)
    async with delivering(engines):
        await sent(engines, [told(acme, f"{receiver.url}/bad", fallback_url=f"{receiver.url}/fallback")])
        [got] = await receiver.until(1, path="/fallback")
        [alert] = await alerts_of(ctx, acme, 1)
    assert (got.form["ErrorCode"], got.form["ErrorUrl"]) == ("11200", f"{receiver.url}/bad")
    assert RequestValidator(acme.auth_token).validate(got.url, got.form, got.headers["x-twilio-signature"])
    assert (alert.number, alert.url) == (11200, f"{receiver.url}/bad")


async def test_each_address_that_a_server_sends_on_to_is_signed_for(
    engines: Engines, acme: NewAccount, receiver: Receiver
) -> None:
    onward = {"/moved": (302, "/there?shop=1"), "/moved-whole": (307, f"{receiver.url}/there-whole")}
    for path, (status, place) in onward.items():
        receiver.answers[path] = lambda _, s=status, p=place: web.Response(status=s, headers={"Location": p})  # type: ignore[misc]
    async with delivering(engines):
        await sent(engines, [told(acme, receiver.url + path) for path in onward])
        await receiver.until(4)
    for got in receiver.got:
        assert RequestValidator(acme.auth_token).validate(got.url, got.form, got.headers["x-twilio-signature"]), got
    came = {got.path: (got.method, dict(got.form)) for got in receiver.got}
    assert came["/there"] == ("GET", {})
    assert came["/there-whole"] == ("POST", dict(FORM))


async def test_a_callback_that_nobody_takes_makes_alerts_at_first_and_at_last(
    engines: Engines, ctx: Context, acme: NewAccount, receiver: Receiver
) -> None:
    receiver.answers["/bad"] = lambda _: web.Response(status=500, text="no database")
    async with delivering(engines):
        await sent(engines, [told(acme, f"{receiver.url}/bad")])
        first, last = await alerts_of(ctx, acme, 2)
    assert len(receiver.got) == 3
    assert (first.number, first.level, first.resource_sid) == (11200, "error", MESSAGE)
    words = words_of(engines.settings, first)
    assert (first.method, first.url, words.answer) == ("POST", f"{receiver.url}/bad", "no database")
    assert parse_qs(words.variables)["MessageStatus"] == ["delivered"]
    assert parse_qs(first.text)["httpResponse"] == ["500"]
    assert last.number == 11200


@pytest.mark.parametrize(
    ("url", "number"),
    [
        ("http://10.0.0.1/inside", 11100),
        ("http://[::1]:5432/", 11100),
        ("http://nobody.invalid/", 11210),
        ("http://127.0.0.1:1/", 11205),
    ],
)
@pytest.mark.usefixtures("nobody")
async def test_the_alert_says_why(
    engines: Engines, ctx: Context, acme: NewAccount, receiver: Receiver, url: str, number: int
) -> None:
    async with delivering(engines):
        await sent(engines, [told(acme, url)])
        [alert, *_] = await alerts_of(ctx, acme, 1)
    assert (alert.number, alert.url) == (number, url)


async def test_redirects_in_rings_and_hanging_servers_are_told_apart(
    engines: Engines, ctx: Context, acme: NewAccount, receiver: Receiver
) -> None:
    async def hang(_: object) -> web.Response:
        await asyncio.sleep(5)
        return web.Response()

    receiver.answers["/round"] = lambda _: web.Response(status=302, headers={"Location": "/round"})
    receiver.answers["/hang"] = hang
    async with delivering(engines):
        await sent(engines, [told(acme, f"{receiver.url}/round")])
        [first, *_] = await alerts_of(ctx, acme, 1)
        await sent(engines, [told(acme, f"{receiver.url}/hang#tt=100")])
        found = await alerts_of(ctx, acme, 3)
    assert first.number == 11215
    assert 11205 in {alert.number for alert in found}
