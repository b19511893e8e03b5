"""The dispatch with carriers that are slow, silent, or in doubt."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.ids import new_id
from octavo.kernel.refusals import Unavailable
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.protocol import Outcome, Submission
from octavo.products.comms.message import queries
from octavo.products.comms.message.dispatch import service
from octavo.products.comms.message.dispatch.actions import write_outcomes
from octavo.products.comms.message.dispatch.service import Dispatch
from octavo.products.comms.message.rows import Message
from tests.products.comms.message.outgoing import a_message

Answer = Callable[[Sequence[Submission]], Awaitable[list[Outcome]]]


class Line:
    """A carrier of the test's own, under the name that the settings choose."""

    name = "simulated"

    def __init__(self, submit: Answer, settle: Answer | None = None) -> None:
        self.given: list[Submission] = []
        self.asked: list[Submission] = []
        self._submit, self._settle = submit, settle or submit

    async def submit(self, batch: Sequence[Submission]) -> list[Outcome]:
        self.given += batch
        return await self._submit(batch)

    async def settle(self, doubtful: Sequence[Submission]) -> list[Outcome]:
        self.asked += doubtful
        return await self._settle(doubtful)


async def takes(batch: Sequence[Submission]) -> list[Outcome]:
    return [Outcome(one.message_id, "accepted") for one in batch]


async def breaks(batch: Sequence[Submission]) -> list[Outcome]:
    raise ConnectionResetError("the line broke")


async def doubts(batch: Sequence[Submission]) -> list[Outcome]:
    return [Outcome(one.message_id, "doubtful") for one in batch]


async def says_nothing(batch: Sequence[Submission]) -> list[Outcome]:
    return []


async def rounds(engines: Engines, line: Line, count: int = 1) -> None:
    """So many looks at the queue, each when what was left in doubt is found again."""
    dispatch = Dispatch(engines, {line.name: line})
    for _ in range(count):
        await dispatch.turn()
        await dispatch.finish()
        await engines.db.main.execute(
            "UPDATE comms.outbound SET due = $1, lease_until = $1", now() - timedelta(seconds=1)
        )
        dispatch._looked_at = 0.0  # the next round looks for abandoned ones


async def state(engines: Engines, message: Message) -> tuple[str, int | None]:
    seen = await queries.message(engines.db.main, message.account_id, message.id)
    return seen.status, seen.error_code


async def alerts(engines: Engines, message: Message) -> list[int]:
    return await engines.db.main.column(
        "SELECT number FROM comms.alert WHERE account_id = $1 AND resource_sid = $2", message.account_id, message.sid
    )


async def test_a_line_that_breaks_is_asked_what_it_took(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme)
    line = Line(breaks, takes)
    await rounds(engines, line, 2)
    assert (len(line.given), len(line.asked)) == (1, 1)
    assert await state(engines, message) == ("sent", None)


async def test_silence_about_a_message_is_doubt(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme)
    line = Line(says_nothing, takes)
    await rounds(engines, line, 2)
    assert len(line.asked) == 1
    assert await state(engines, message) == ("sent", None)


async def test_a_doubt_is_asked_about_until_it_is_settled(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme)
    line = Line(doubts)
    await rounds(engines, line, 3)
    assert (len(line.given), len(line.asked)) == (1, 2)
    assert await state(engines, message) == ("sending", None)


async def test_a_doubt_ends_with_the_time_of_its_message(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme)
    line = Line(doubts)
    await rounds(engines, line)
    await engines.db.main.execute("UPDATE comms.outbound SET expires_at = $1", now())
    await rounds(engines, line)
    assert len(line.given) == 1
    assert await state(engines, message) == ("failed", 30008)


async def test_a_message_that_breaks_its_carrier_holds_up_no_other(engines: Engines, acme: NewAccount) -> None:
    good, bad, other = [await a_message(engines, acme) for _ in range(3)]

    async def chokes(batch: Sequence[Submission]) -> list[Outcome]:
        if bad.id in {one.message_id for one in batch}:
            raise ValueError("what is this?")
        return await takes(batch)

    await rounds(engines, Line(chokes), 2)
    assert [await state(engines, one) for one in (good, bad, other)] == [
        ("sent", None),
        ("sending", None),
        ("sent", None),
    ]
    assert await alerts(engines, bad) == [20500]


async def test_a_text_that_cannot_be_opened_holds_up_no_other(engines: Engines, acme: NewAccount) -> None:
    good, bad, other = [await a_message(engines, acme) for _ in range(3)]
    await engines.db.main.execute(
        "UPDATE comms.message SET sealed_body = 'x', body_key = $1 WHERE id = $2", new_id(), bad.id
    )
    await rounds(engines, Line(takes))
    assert [(await state(engines, one))[0] for one in (good, bad, other)] == ["sent", "queued", "sent"]
    assert await alerts(engines, bad) == [20500]
    # Once it can be opened again it goes out.
    await engines.db.main.execute("UPDATE comms.message SET sealed_body = NULL, body_key = NULL WHERE id = $1", bad.id)
    await rounds(engines, Line(takes))
    assert await state(engines, bad) == ("sent", None)


async def test_an_answer_is_kept_until_the_database_is_back(
    engines: Engines, acme: NewAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = await a_message(engines, acme)
    away = [Unavailable("The database restarts."), Unavailable("It still does.")]

    async def written(*arguments: Any) -> None:
        if away:
            raise away.pop()
        await write_outcomes(*arguments)

    monkeypatch.setattr(service, "write_outcomes", written)
    monkeypatch.setattr(service, "PAUSE", 0.01)
    line = Line(takes)
    await rounds(engines, line)
    assert (len(line.given), len(line.asked)) == (1, 0)
    assert await state(engines, message) == ("sent", None)


async def test_a_slow_line_does_not_stop_the_dispatch(engines: Engines, acme: NewAccount) -> None:
    go_on = asyncio.Event()

    async def waits(batch: Sequence[Submission]) -> list[Outcome]:
        await go_on.wait()
        return await takes(batch)

    line = Line(waits)
    dispatch = Dispatch(engines, {line.name: line})
    messages = []
    for _ in range(3):
        messages.append(await a_message(engines, acme))
        await dispatch.turn()
    await asyncio.sleep(0)
    assert len(line.given) == 3
    go_on.set()
    await dispatch.finish()
    assert [await state(engines, one) for one in messages] == [("sent", None)] * 3


async def test_a_carrier_that_is_gone_fails_its_messages(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme)
    dispatch = Dispatch(engines, {})
    await dispatch.turn()
    await dispatch.finish()
    assert await state(engines, message) == ("failed", 30008)
