"""The way from the queue to the carrier, and what the carrier says."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from msgspec import structs

from octavo.kernel.clock import now
from octavo.kernel.context import Context, Engines
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.protocol import Outcome, Submission
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message import queries
from octavo.products.comms.message.actions import cancel_message
from octavo.products.comms.message.dispatch.actions import claim_abandoned, claim_due, write_outcomes
from octavo.products.comms.message.rows import Message
from tests.products.comms.message.outgoing import a_message, a_number

LEASE = new_id()


async def claimed(engines: Engines, at: datetime | None = None) -> list[Submission]:
    _, found = await claim_due(engines.context(at or now()), LEASE)
    return [one for some in found.values() for one in some]


async def answer(engines: Engines, some: Sequence[Submission], **outcome: object) -> None:
    outcomes = [Outcome(one.message_id, **outcome) for one in some]  # type: ignore[arg-type]
    await write_outcomes(engines.context(now()), "simulated", some, outcomes, LEASE)


async def seen(engines: Engines, message: Message) -> Message:
    return await queries.message(engines.db.main, message.account_id, message.id)


async def waiting(engines: Engines) -> int:
    found: int = await engines.db.main.value("SELECT count(*) FROM comms.outbound")
    return found


async def test_what_a_carrier_takes_is_sent(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme)
    [submission] = await claimed(engines)
    assert (submission.body, submission.sender, submission.attempt) == (message.body, message.sender, 1)
    assert (await seen(engines, message)).status == "sending"
    assert await claimed(engines) == []
    await answer(engines, [submission], kind="accepted", carrier_ref="x1")
    sent = await seen(engines, message)
    assert (sent.status, sent.carrier, sent.carrier_ref) == ("sent", "simulated", "x1")
    assert await waiting(engines) == 0


async def test_what_a_carrier_refuses_has_failed(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme)
    await answer(engines, await claimed(engines), kind="refused", error_code=30006)
    failed = await seen(engines, message)
    assert (failed.status, failed.error_code) == ("failed", 30006)


async def test_a_carrier_may_ask_to_wait(engines: Engines, acme: NewAccount) -> None:
    await a_message(engines, acme)
    await answer(engines, await claimed(engines), kind="later", retry_after=30)
    assert await claimed(engines) == []
    [again] = await claimed(engines, now() + timedelta(seconds=31))
    assert again.attempt == 2


async def test_a_sender_keeps_to_its_rate(engines: Engines, acme: NewAccount) -> None:
    sender = (await a_number(engines, acme.account)).number
    messages = [await a_message(engines, acme, sender) for _ in range(4)]
    began = now()
    gone = [one.message_id for one in await claimed(engines, began)]
    assert gone == [messages[0].id]
    for second in (1, 2, 3):
        gone += [one.message_id for one in await claimed(engines, began + timedelta(seconds=second))]
    assert gone == [one.id for one in messages]


async def test_a_message_whose_time_is_over_fails(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme, validity_seconds=10)
    assert await claimed(engines, now() + timedelta(seconds=11)) == []
    failed = await seen(engines, message)
    assert (failed.status, failed.error_code) == ("failed", 30036)
    assert await waiting(engines) == 0


async def test_a_queue_that_is_too_long_takes_no_more(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme)
    await engines.db.main.execute(
        "INSERT INTO comms.sender_pace (account_id, sender, free_at) VALUES ($1, $2, $3)",
        acme.account.id,
        message.sender,
        now() + timedelta(hours=11),
    )
    assert await claimed(engines) == []
    failed = await seen(engines, message)
    assert (failed.status, failed.error_code) == ("failed", 30001)


async def test_a_canceled_message_is_not_sent(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme)
    canceled = await cancel_message(engines.context(now()), acme.account, message.id)
    assert canceled.status == "canceled"
    assert await claimed(engines) == []


async def test_what_is_being_sent_cannot_be_canceled(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme)
    await claimed(engines)
    with pytest.raises(CommsRefusal) as refused:
        await cancel_message(engines.context(now()), acme.account, message.id)
    assert refused.value.number == 30409


async def test_what_the_dead_were_sending_is_found_again(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme)
    await claimed(engines)
    assert await claim_abandoned(engines.context(now()), new_id()) == {}
    found = await claim_abandoned(engines.context(now() + timedelta(seconds=7)), new_id())
    assert [(name, [one.message_id for one in some]) for name, some in found.items()] == [("simulated", [message.id])]


async def test_a_lease_that_was_lost_writes_nothing(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme)
    some = await claimed(engines)
    await claim_abandoned(engines.context(now() + timedelta(seconds=7)), new_id())
    await answer(engines, some, kind="refused", error_code=30003)
    assert (await seen(engines, message)).status == "sending"
    assert await waiting(engines) == 1


async def test_a_doubt_is_settled_when_it_has_had_time_to_clear_up(engines: Engines, acme: NewAccount) -> None:
    await a_message(engines, acme)
    await answer(engines, await claimed(engines), kind="doubtful")
    assert await claimed(engines) == []
    assert await claim_abandoned(ctx_in(engines, 6), new_id())


async def test_encrypted_texts_reach_the_carrier_in_clear(engines: Engines, acme: NewAccount) -> None:
    sealing = structs.replace(acme, account=structs.replace(acme.account, encrypt_bodies=True))
    await a_message(engines, sealing, body="under the mat")
    assert [one.body for one in await claimed(engines)] == ["under the mat"]


def ctx_in(engines: Engines, seconds: float) -> Context:
    return engines.context(now() + timedelta(seconds=seconds))
