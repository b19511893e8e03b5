"""Callbacks on their way: signed, in order, tried again, and handed to the fallback."""

import asyncio
from uuid import UUID

import pytest
from aiohttp import web

from octavo.kernel.callbacks import (
    Attempt,
    Delivery,
    ListedDelivery,
    Reason,
    Sender,
    attempts,
    delivery,
    register_sender,
    replay,
    send,
)
from octavo.kernel.context import Context, Engines
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.kernel.refusals import NotFound
from tests.harness.receiver import Received, Receiver
from tests.kernel.callbacks.sending import OWNER, a_callback, delivering, explain, sent, sign


async def until_done(engines: Engines, id: UUID, state: str = "delivered") -> ListedDelivery:
    async with asyncio.timeout(60):
        while (found := await delivery(engines.db.main, OWNER, id)).state != state:
            await asyncio.sleep(0.01)
        return found


async def test_a_callback_is_signed_and_sent_as_a_form(engines: Engines, receiver: Receiver) -> None:
    async with delivering(engines):
        [id] = await sent(engines, [a_callback(f"{receiver.url}/told?x=1#rc=3", said="Grüße & mehr")])
        done = await until_done(engines, id)
    [got] = receiver.got
    assert (got.method, got.form) == ("POST", {"Said": "Grüße & mehr"})
    assert got.url == f"{receiver.url}/told?x=1", "the fragment is for us"
    assert got.headers["x-signed-for"] == OWNER.hex
    assert (done.status, done.rounds, done.reason) == (204, 1, "")


async def test_a_get_has_its_form_in_the_query_and_json_goes_as_it_is(engines: Engines, receiver: Receiver) -> None:
    async with delivering(engines):
        await sent(
            engines,
            [
                a_callback(f"{receiver.url}/get?x=1", method="GET"),
                a_callback(f"{receiver.url}/json", form=(), json=b'{"a":1}'),
            ],
        )
        await receiver.until(2)
    by_path = {one.path: one for one in receiver.got}
    assert by_path["/get"].url.endswith("/get?x=1&Said=hello")
    assert (by_path["/json"].body, by_path["/json"].headers["content-type"]) == (b'{"a":1}', "application/json")


async def test_those_of_one_thread_arrive_in_order_from_slow_servers(engines: Engines, receiver: Receiver) -> None:
    async def hesitate(got: Received) -> web.Response:
        await asyncio.sleep(0.03 if got.form["Said"] == "0" else 0)
        return web.Response(status=204)

    receiver.answers.update({f"/{n}": hesitate for n in range(10)})
    threads = [(f"{receiver.url}/{n}", new_id()) for n in range(10)]
    async with delivering(engines):
        for said in "01234":
            await sent(engines, [a_callback(url, thread=thread, said=said) for url, thread in threads])
        await receiver.until(50)
    for n in range(10):
        assert [got.form["Said"] for got in receiver.got if got.path == f"/{n}"] == list("01234")


async def test_a_failed_one_holds_up_its_own_thread_alone(engines: Engines, receiver: Receiver) -> None:
    slow, quick, failures = new_id(), new_id(), iter([503, 503])
    receiver.answers["/slow"] = lambda got: web.Response(status=next(failures, 204) if got.form["Said"] == "1" else 204)
    async with delivering(engines):
        for n in ("1", "2"):
            await sent(engines, [a_callback(f"{receiver.url}/slow", thread=slow, said=n)])
            await sent(engines, [a_callback(f"{receiver.url}/quick", thread=quick, said=n)])
        await receiver.until(2, path="/quick")
        got = await receiver.until(4, path="/slow")
    assert [one.form["Said"] for one in got] == ["1", "1", "1", "2"]


async def test_what_keeps_failing_goes_to_the_fallback_with_the_reason(engines: Engines, receiver: Receiver) -> None:
    receiver.answers["/bad"] = lambda _: web.Response(status=500, text="broken")
    async with delivering(engines):
        [id] = await sent(
            engines, [a_callback(f"{receiver.url}/bad#rc=2&rp=5xx", fallback_url=f"{receiver.url}/fallback")]
        )
        done = await until_done(engines, id)
    assert [one.path for one in receiver.got] == ["/bad", "/bad", "/bad", "/fallback"]
    assert receiver.got[-1].form == {"Said": "hello", "Why": "status", "Where": f"{receiver.url}/bad"}
    assert done.status == 204
    wrong = await attempts(engines.db.main, OWNER, id)
    assert [(one.status, one.detail) for one in wrong] == [(500, "broken")] * 3


async def test_after_its_last_round_a_callback_is_given_up(engines: Engines, receiver: Receiver) -> None:
    told: list[tuple[Reason, int | None, bool]] = []

    async def failed(ctx: Context, tx: Transaction, one: Delivery, attempt: Attempt, is_last: bool) -> None:
        told.append((attempt.reason, attempt.status, is_last))

    register_sender("failing", Sender(sign=sign, explain=explain, failed=failed))
    receiver.answers["/bad"] = lambda _: web.Response(status=404)
    async with delivering(engines):
        [id] = await sent(engines, [a_callback(f"{receiver.url}/bad", kind="failing.told")])
        done = await until_done(engines, id, "failed")
    assert len(receiver.got) == 3
    assert told == [("status", 404, False), ("status", 404, False), ("status", 404, True)]
    assert (done.status, done.reason, done.rounds) == (404, "status", 3)


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "http://169.254.169.254/latest", "http://[::1]:5432/", "nonsense"])
async def test_the_own_network_is_refused_at_once(engines: Engines, url: str) -> None:
    async with delivering(engines):
        [id] = await sent(engines, [a_callback(url)])
        done = await until_done(engines, id, "failed")
    assert (done.reason, done.rounds) == ("refused", 1)


async def test_a_server_that_hangs_costs_its_time_and_no_more(engines: Engines, receiver: Receiver) -> None:
    async def hang(_: Received) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    receiver.answers["/hang"] = hang
    async with delivering(engines):
        [id, _] = await sent(
            engines,
            [
                a_callback(f"{receiver.url}/hang#tt=200", fallback_url=f"{receiver.url}/fallback"),
                a_callback(f"{receiver.url}/told"),
            ],
        )
        await receiver.until(1, path="/told")
        await until_done(engines, id)
    [wrong] = await attempts(engines.db.main, OWNER, id)
    assert (wrong.reason, wrong.status) == ("timeout", None)
    assert wrong.seconds < engines.settings.callbacks.timeout


async def test_a_wanted_answer_is_carried_out(engines: Engines, receiver: Receiver) -> None:
    answers: list[tuple[UUID, str, bytes]] = []
    faults = iter([RuntimeError("once")])

    async def answered(ctx: Context, one: Delivery, content_type: str, body: bytes) -> None:
        if fault := next(faults, None):
            raise fault
        answers.append((one.id, content_type, body))

    register_sender("asking", Sender(sign=sign, explain=explain, answered=answered))
    receiver.answers["/ask"] = lambda _: web.Response(text="<Response/>", content_type="text/xml")
    async with delivering(engines):
        [id] = await sent(engines, [a_callback(f"{receiver.url}/ask", kind="asking.sms", wants_answer=True)])
        await until_done(engines, id)
    assert answers == [(id, "text/xml; charset=utf-8", b"<Response/>")]
    assert len(receiver.got) == 2, "what could not be carried out is asked again"


async def test_an_old_callback_can_be_sent_again(engines: Engines, ctx: Context, receiver: Receiver) -> None:
    async with delivering(engines):
        [id] = await sent(engines, [a_callback(f"{receiver.url}/told")])
        await until_done(engines, id)
        again = await replay(ctx, OWNER, id)
        await until_done(engines, again)
        with pytest.raises(NotFound):
            await replay(ctx, new_id(), id)
    assert [one.form for one in receiver.got] == [{"Said": "hello"}] * 2


async def test_a_transaction_that_falls_sends_nothing(engines: Engines, receiver: Receiver) -> None:
    async with delivering(engines):
        with pytest.raises(RuntimeError):
            async with engines.db.main.transaction() as tx:
                await send(tx, a_callback(f"{receiver.url}/never"))
                raise RuntimeError
        await sent(engines, [a_callback(f"{receiver.url}/told")])
        await receiver.until(1)
    assert [one.path for one in receiver.got] == ["/told"]


async def test_what_was_sent_under_an_id_is_not_sent_again(engines: Engines, receiver: Receiver) -> None:
    id = new_id()
    async with delivering(engines):
        for _ in range(2):
            assert await sent(engines, [a_callback(f"{receiver.url}/once", id=id)]) == [id]
        await sent(engines, [a_callback(f"{receiver.url}/told")])
        await receiver.until(1, path="/told")
        await until_done(engines, id)
    assert sorted(one.path for one in receiver.got) == ["/once", "/told"]
