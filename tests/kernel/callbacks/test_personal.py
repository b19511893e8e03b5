"""What people wrote lies sealed as long as a callback waits and after it was told, and may be forgotten at any time."""

from uuid import UUID

from aiohttp import web

from octavo.kernel.callbacks import (
    Callback,
    ListedDelivery,
    attempts,
    delivery,
    forget,
    forget_answers,
    opened_listed,
    replay,
    seal_fields,
)
from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from tests.harness.receiver import Receiver
from tests.kernel.callbacks.sending import OWNER, a_callback, delivering, sent
from tests.kernel.callbacks.test_delivery import until_done

WORDS = "the key is under the mat"


def a_personal(engines: Engines, url: str, **others: object) -> Callback:
    sealed = seal_fields(engines.settings, OWNER, [("Said", WORDS)])
    return a_callback(url, said="", sealed_fields=sealed, **others)


async def shown(engines: Engines, id: UUID) -> ListedDelivery:
    return opened_listed(engines.settings, await delivery(engines.db.main, OWNER, id))


async def lies_open(engines: Engines) -> bool:
    found: bool = await engines.db.main.value(
        """
        SELECT EXISTS (SELECT FROM callbacks.delivery AS d WHERE d::text LIKE '%under%')
            OR EXISTS (SELECT FROM callbacks.attempt AS a WHERE a::text LIKE '%under%')
        """
    )
    return found


async def test_a_server_is_told_what_lies_sealed(engines: Engines, receiver: Receiver) -> None:
    receiver.answers["/said"] = lambda got: web.Response(text=f"You said {got.form['Said']}")
    async with delivering(engines):
        [id] = await sent(engines, [a_personal(engines, f"{receiver.url}/said")])
        await until_done(engines, id)
        again = await replay(engines.context(now()), OWNER, id)
        await until_done(engines, again)
    assert [one.form for one in receiver.got] == [{"Said": WORDS}] * 2
    assert not await lies_open(engines)
    for one in (id, again):
        seen = await shown(engines, one)
        assert (seen.fields, seen.answer) == ("Said=the+key+is+under+the+mat", f"You said {WORDS}")


async def test_what_a_server_says_to_it_is_not_kept_with_what_went_wrong(engines: Engines, receiver: Receiver) -> None:
    receiver.answers["/bad"] = lambda got: web.Response(status=500, text=f"Cannot read {got.url}")
    async with delivering(engines):
        [id] = await sent(engines, [a_personal(engines, f"{receiver.url}/bad", method="GET")])
        await until_done(engines, id, "failed")
    wrong = await attempts(engines.db.main, OWNER, id)
    assert {(one.status, one.url, one.detail) for one in wrong} == {(500, f"{receiver.url}/bad", "")}
    assert not await lies_open(engines)


async def test_what_waits_is_told_without_what_was_forgotten(engines: Engines, receiver: Receiver) -> None:
    mine, other = await sent(
        engines, [a_personal(engines, f"{receiver.url}/{name}", subject=name) for name in ("mine", "other")]
    )
    async with engines.db.main.transaction() as tx:
        await forget(tx, OWNER, "mine")
    async with delivering(engines):
        await until_done(engines, mine)
        await until_done(engines, other)
    assert {one.path: one.form["Said"] for one in receiver.got} == {"/mine": "", "/other": WORDS}
    assert (await shown(engines, mine)).fields == "Said="


async def test_answers_are_forgotten_alone(engines: Engines, receiver: Receiver) -> None:
    receiver.answers["/said"] = lambda _: web.Response(text="yes")
    async with delivering(engines):
        [id] = await sent(engines, [a_personal(engines, f"{receiver.url}/said")])
        await until_done(engines, id)
    async with engines.db.main.transaction() as tx:
        await forget_answers(tx, OWNER, "SM1")
    seen = await shown(engines, id)
    assert (seen.fields, seen.answer) == ("Said=the+key+is+under+the+mat", "")
