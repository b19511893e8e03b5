"""States that carriers report."""

from itertools import permutations

import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.message import queries
from octavo.products.comms.message.actions import take_reports
from octavo.products.comms.message.rows import Message, Report, Told
from tests.products.comms.message.outgoing import a_message

HOOK = "https://example.com/status"


async def report(engines: Engines, message: Message, *states: Told, **others: object) -> list[str]:
    """What changed, by the new states."""
    time = now()
    reports = [Report(message.account_id, message.id, state, time, **others) for state in states]  # type: ignore[arg-type]
    return [one.status for one in await take_reports(engines.context(time), reports, carrier="simulated")]


async def told(engines: Engines) -> list[str]:
    rows = await engines.db.main.column("SELECT fields FROM callbacks.delivery ORDER BY id")
    return [row.partition("MessageStatus=")[2].partition("&")[0] for row in rows]


async def test_reports_are_kept_in_order_and_told(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme, status_callback=HOOK)
    assert await report(engines, message, "sent", "delivered") == ["sent", "delivered"]
    stored = await queries.message(engines.db.main, acme.account.id, message.id)
    assert (stored.status, stored.states, stored.carrier) == ("delivered", ["queued", "sent", "delivered"], "simulated")
    assert stored.sent_at is not None
    assert await told(engines) == ["sent", "delivered"]


@pytest.mark.parametrize("order", list(permutations(["sent", "delivered", "sent"])))
async def test_late_reports_undo_nothing(engines: Engines, acme: NewAccount, order: tuple[Told, ...]) -> None:
    message = await a_message(engines, acme)
    for state in order:
        await report(engines, message, state)
    stored = await queries.message(engines.db.main, acme.account.id, message.id)
    assert stored.status == "delivered"
    assert len(stored.states) == len(set(stored.states)) == len(stored.state_times)


async def test_what_arrived_was_sent(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme, status_callback=HOOK)
    assert await report(engines, message, "delivered") == ["sent", "delivered"]
    assert await report(engines, message, "sent") == []
    stored = await queries.message(engines.db.main, acme.account.id, message.id)
    assert stored.states == ["queued", "sent", "delivered"]
    assert await told(engines) == ["sent", "delivered"]


async def test_a_failure_says_why_to_its_sender(engines: Engines, acme: NewAccount) -> None:
    message = await a_message(engines, acme, status_callback=HOOK)
    await report(engines, message, "undelivered", error_code=30003)
    assert await report(engines, message, "delivered") == []
    _, fields = await engines.db.main.column("SELECT fields FROM callbacks.delivery ORDER BY id")
    assert "ErrorCode=30003" in fields
    assert f"MessageSid={message.sid}" in fields
    assert f"AccountSid={acme.account.sid}" in fields


async def test_who_asked_for_no_callbacks_gets_none(engines: Engines, acme: NewAccount) -> None:
    await report(engines, await a_message(engines, acme), "sent", "delivered")
    assert await told(engines) == []
