"""A message comes in, the account's server hears of it and answers, and what it answered is carried out."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web
from twilio.request_validator import RequestValidator

from octavo.kernel.callbacks import Delivery, deliveries
from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.protocol import Arrived
from octavo.products.comms.inbound.actions import receive_many
from octavo.products.comms.inbound.answers import carry_out
from octavo.products.comms.media.queries import media_of
from octavo.products.comms.message.queries import messages
from octavo.products.comms.message.rows import Message
from octavo.products.comms.monitor.queries import alerts
from octavo.products.comms.monitor.rows import AlertFilter
from octavo.products.comms.number.rows import PhoneNumber
from octavo.products.comms.paging import PageRequest
from octavo.products.comms.service.actions import create_service
from octavo.products.comms.service.pool.actions import add_number
from octavo.products.comms.service.rows import ServiceChanges
from tests.harness.receiver import Receiver
from tests.products.comms.media.files import a_file

PERSON, NUMBER = "+14155550123", "+14156548501"


def says(text: str, content_type: str = "text/xml") -> Callable[[object], web.Response]:
    return lambda _: web.Response(text=text, content_type=content_type)


async def arrives(engines: Engines, body: str, *, ref: str = "1", media: tuple[str, ...] = ()) -> None:
    ctx = engines.context(now())
    async with ctx.db.main.transaction() as tx:
        await receive_many(ctx, tx, [Arrived("test", ref, PERSON, NUMBER, body, list(media), ctx.now)])


async def all_messages(engines: Engines, acme: NewAccount) -> list[Message]:
    """Oldest first."""
    return (await messages(engines.db.main, acme.account.id, PageRequest())).items[::-1]


async def until_there_are(engines: Engines, acme: NewAccount, count: int) -> list[Message]:
    async def enough() -> list[Message] | None:
        found = await all_messages(engines, acme)
        return found if len(found) >= count else None

    return await until(enough)


async def until_told(engines: Engines, acme: NewAccount) -> None:
    """Every webhook has its answer, and the answers are carried out."""
    async with asyncio.timeout(60):
        while {one.state for one in await deliveries(engines.db.main, acme.account.id)} != {"delivered"}:
            await asyncio.sleep(0.02)


async def until(condition: Callable[[], Awaitable[list[Message] | None]], seconds: float = 60.0) -> list[Message]:
    async with asyncio.timeout(seconds):
        while (found := await condition()) is None:
            await asyncio.sleep(0.02)
        return found


async def test_the_server_is_told_everything_and_its_reply_goes_out(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None
) -> None:
    server.answers["/sms"] = says("<Response><Message statusCallback='/status'>Hello Nadia</Message></Response>")
    await arrives(engines, "Is anybody there?")
    [told] = await server.until(1, path="/sms")
    came, reply = await until_there_are(engines, acme, 2)
    assert told.form == {
        "ToCountry": "US",
        "ToState": "CA",
        "ToCity": "SAN FRANCISCO",
        "ToZip": "94103",
        "FromCountry": "US",
        "FromState": "CA",
        "FromCity": "SAN FRANCISCO",
        "FromZip": "94103",
        "SmsMessageSid": came.sid,
        "SmsSid": came.sid,
        "MessageSid": came.sid,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "Body": "Is anybody there?",
        "To": NUMBER,
        "From": PERSON,
        "AccountSid": acme.account.sid,
        "ApiVersion": "2010-04-01",
    }
    assert RequestValidator(acme.auth_token).validate(told.url, told.form, told.headers["x-twilio-signature"])
    assert (came.direction, came.status, came.states) == ("inbound", "received", ["receiving", "received"])
    assert (reply.direction, reply.sender, reply.recipient) == ("outbound-reply", NUMBER, PERSON)
    assert (reply.body, reply.status_callback) == ("Hello Nadia", f"{server.url}/status")


async def test_a_message_that_comes_twice_is_told_once(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None
) -> None:
    await arrives(engines, "Hi")
    await arrives(engines, "Hi")
    await arrives(engines, "Hi", ref="2")
    assert len(await server.until(2, path="/sms")) == 2
    assert len(await all_messages(engines, acme)) == 2


async def test_a_message_for_no_number_of_ours_is_let_go(engines: Engines, acme: NewAccount) -> None:
    await arrives(engines, "Hi")
    assert await all_messages(engines, acme) == []


async def test_a_redirect_is_followed_and_rings_of_them_end(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None
) -> None:
    server.answers["/sms"] = says("<Response><Redirect method='GET'>/next?a=1</Redirect></Response>")
    server.answers["/next"] = says("Done", "text/plain")
    await arrives(engines, "Hi")
    [second] = await server.until(1, path="/next")
    assert (second.method, "Body=Hi" in second.url, "a=1" in second.url) == ("GET", True, True)
    assert (await until_there_are(engines, acme, 2))[1].body == "Done"
    server.answers["/sms"] = says("<Response><Redirect>/sms</Redirect></Response>")
    server.got.clear()
    await arrives(engines, "Again", ref="2")
    await server.until(11, path="/sms")
    await asyncio.sleep(0.3)
    assert len(server.got) == 11


async def test_the_fallback_is_asked_where_the_answer_cannot_be_read(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None
) -> None:
    server.answers["/sms"] = says("<Response><Message>")
    server.answers["/fallback"] = says("<Response><Message>Sorry</Message></Response>")
    await arrives(engines, "Hi")
    [asked] = await server.until(1, path="/fallback")
    assert (asked.form["ErrorCode"], asked.form["ErrorUrl"]) == ("12100", f"{server.url}/sms")
    assert (await until_there_are(engines, acme, 2))[1].body == "Sorry"


async def test_what_is_passed_over_raises_an_alert_and_the_rest_is_done(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None
) -> None:
    server.answers["/sms"] = says("<Response>\n<Message To='+1'>Hi yourself</Message></Response>")
    await arrives(engines, "Hi")
    assert (await until_there_are(engines, acme, 2))[1].body == "Hi yourself"

    async with asyncio.timeout(60):
        while not (raised := (await alerts(engines.db.main, acme.account.id, PageRequest(), AlertFilter())).items):
            await asyncio.sleep(0.02)
    assert [(one.number, one.level) for one in raised] == [(12200, "warning")]


async def test_the_fallback_is_asked_where_the_server_is_broken(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None
) -> None:
    server.answers["/sms"] = lambda _: web.Response(status=500)
    server.answers["/fallback"] = says("Sorry", "text/plain")
    await arrives(engines, "Hi")
    [asked] = await server.until(1, path="/fallback")
    assert (asked.form["ErrorCode"], asked.form["ErrorUrl"]) == ("11200", f"{server.url}/sms")
    assert (await until_there_are(engines, acme, 2))[1].body == "Sorry"


async def test_carrying_an_answer_out_twice_sends_each_reply_once(
    engines: Engines, acme: NewAccount, number: PhoneNumber
) -> None:
    await arrives(engines, "Hi")
    [came] = await all_messages(engines, acme)
    [listed] = await deliveries(engines.db.main, acme.account.id)
    shared = {name: getattr(listed, name) for name in Delivery.__struct_fields__ if hasattr(listed, name)}
    missing = {"thread": came.id, "destination": "", "fallback_method": "POST", "wants_answer": True, "lease": new_id()}
    delivery = Delivery(**(missing | shared))  # type: ignore[arg-type]
    body = b"<Response><Message>One</Message><Message>Two</Message><Redirect>/next</Redirect></Response>"
    for _ in range(2):
        await carry_out(engines.context(now()), delivery, "text/xml", body)
    assert [one.body for one in await all_messages(engines, acme)] == ["Hi", "One", "Two"]
    assert len(await deliveries(engines.db.main, acme.account.id)) == 2


async def test_who_writes_stop_is_answered_and_hears_no_more(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None
) -> None:
    server.answers["/sms"] = says("<Response><Message>You said stop</Message></Response>")
    await arrives(engines, "Stop")
    [told] = await server.until(1, path="/sms")
    assert told.form["OptOutType"] == "STOP"
    _, answer = await until_there_are(engines, acme, 2)
    assert answer.body.startswith("You have successfully been unsubscribed")
    await until_told(engines, acme)
    await arrives(engines, "START", ref="2")
    await server.until(2, path="/sms")
    bodies = [one.body for one in await until_there_are(engines, acme, 5)]
    assert bodies.count("You said stop") == 1  # after START: what was said while stopped never went out
    assert any(body.startswith("You have successfully been re-subscribed") for body in bodies)


async def test_the_service_of_a_number_is_told_unless_it_leaves_that_to_the_number(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None
) -> None:
    ctx = engines.context(now())
    service = await create_service(
        ctx, acme.account, ServiceChanges(friendly_name="Shop", inbound_url=f"{server.url}/service")
    )
    await add_number(ctx, acme.account, service.id, number.id)
    await arrives(engines, "Hi")
    [told] = await server.until(1, path="/service")
    assert told.form["MessagingServiceSid"] == service.sid
    assert [one.path for one in server.got] == ["/service"]


async def test_the_server_is_told_of_files_once_they_are_here(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None, tmp_path: Path
) -> None:
    server.answers["/a.png"] = lambda _: web.Response(body=a_file(tmp_path, "a.png"), content_type="image/png")
    await arrives(engines, "Look", media=(f"{server.url}/a.png", f"{server.url}/a.png"))
    [told] = await server.until(1, path="/sms")
    [came] = await all_messages(engines, acme)
    first, second = await media_of(engines.db.main, acme.account.id, came.id)
    base = f"https://api.twilio.com/2010-04-01/Accounts/{acme.account.sid}/Messages/{came.sid}/Media"
    assert (told.form["NumMedia"], told.form["MessageSid"][:2]) == ("2", "MM")
    assert (told.form["MediaContentType0"], told.form["MediaUrl0"]) == ("image/png", f"{base}/{first.sid}")
    assert told.form["MediaUrl1"] == f"{base}/{second.sid}"


async def test_a_message_whose_files_cannot_be_had_is_told_without_them(
    engines: Engines, acme: NewAccount, number: PhoneNumber, server: Receiver, services: None
) -> None:
    server.answers["/a.png"] = lambda _: web.Response(status=404)
    await arrives(engines, "Look", media=(f"{server.url}/a.png",))
    [told] = await server.until(1, path="/sms")
    assert (told.form["NumMedia"], told.form["Body"]) == ("0", "Look")
