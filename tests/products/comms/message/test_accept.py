"""What is accepted, and that it is accepted whole."""

import asyncio

import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message import queries
from octavo.products.comms.message.actions import create_message, create_messages
from octavo.products.comms.message.rows import Message, NewMessage
from tests.products.comms.message.outgoing import TO, a_message, a_number


async def waiting(engines: Engines) -> int:
    found: int = await engines.db.main.value("SELECT count(*) FROM comms.outbound")
    return found


async def test_an_accepted_message_is_kept_and_queued(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme, body="Tea €")
    stored = await queries.message(engines.db.main, acme.account.id, message.id)
    assert stored == message
    assert (stored.status, stored.encoding, stored.num_segments, stored.states) == ("queued", "GSM-7", 1, ["queued"])
    assert (stored.price, stored.currency) == (8_000, "USD")
    assert await waiting(engines) == 1


async def test_messages_that_come_together_are_decided_one_by_one(engines: Engines, acme: NewAccount) -> None:
    sender = (await a_number(engines, acme.account)).number
    wanted = [NewMessage(to=TO, from_=sender, body=f"Number {n}") for n in range(20)]
    wanted[7] = NewMessage(to="nobody", from_=sender, body="?")
    wanted[13] = NewMessage(to=TO, from_="+14155550199", body="not mine")
    ctx = engines.context(now())
    found = await asyncio.gather(*[create_message(ctx, acme.account, one) for one in wanted], return_exceptions=True)
    refused = {place: one.number for place, one in enumerate(found) if isinstance(one, CommsRefusal)}
    assert refused == {7: 21211, 13: 21606}
    assert [one.body for one in found if isinstance(one, Message)] == [
        w.body for w in wanted if w.body not in ("?", "not mine")
    ]
    assert await waiting(engines) == 18


async def test_accounts_do_not_share_transactions_or_senders(
    engines: Engines, acme: NewAccount, another: NewAccount
) -> None:
    sender = (await a_number(engines, acme.account)).number
    ctx = engines.context(now())
    found = await asyncio.gather(
        create_message(ctx, acme.account, NewMessage(to=TO, from_=sender, body="mine")),
        create_message(ctx, another.account, NewMessage(to=TO, from_=sender, body="not mine")),
        return_exceptions=True,
    )
    assert isinstance(found[0], Message)
    assert isinstance(found[1], CommsRefusal)
    assert found[1].number == 21606


async def test_the_same_id_is_one_message(engines: Engines, acme: NewAccount) -> None:
    first = await a_message(engines, acme)
    again = NewMessage(to=TO, from_=first.sender, body="again")
    await create_message(engines.context(now()), acme.account, again, message_id=first.id)
    assert (await queries.message(engines.db.main, acme.account.id, first.id)).body == first.body
    assert await waiting(engines) == 1


async def test_many_are_accepted_in_their_order(engines: Engines, acme: NewAccount) -> None:
    sender = (await a_number(engines, acme.account)).number
    wanted = [NewMessage(to=TO, from_=sender, body=str(n)) for n in range(100)] + [NewMessage(to=TO, from_=sender)]
    found = await create_messages(engines.context(now()), acme.account, wanted)
    assert [one.body for one in found[:-1] if isinstance(one, Message)] == [str(n) for n in range(100)]
    assert isinstance(found[-1], CommsRefusal)
    assert found[-1].number == 21602
    assert await waiting(engines) == 100


@pytest.mark.parametrize("body", ["a\0b", "half \ud83d a pair"])
async def test_characters_that_cannot_be_kept_are_left_out(engines: Engines, acme: NewAccount, body: str) -> None:
    message = await a_message(engines, acme, body=body)
    assert (await queries.message(engines.db.main, acme.account.id, message.id)).body == message.body
