"""Messages for a Messaging Service: its sender is chosen, it may wait for its time, and its states are told."""

from datetime import datetime, timedelta

import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.ids import new_id
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.message import queries
from octavo.products.comms.message.actions import cancel_message, create_message
from octavo.products.comms.message.dispatch.actions import claim_due
from octavo.products.comms.message.rows import Message, NewMessage
from octavo.products.comms.service.actions import create_service
from octavo.products.comms.service.pool.actions import add_number
from octavo.products.comms.service.rows import Service, ServiceChanges
from tests.products.comms.message.outgoing import TO, a_number

HOOK = "https://example.com/service"


@pytest.fixture
async def service(engines: Engines, acme: NewAccount) -> Service:
    """With one number, and an address that is told of states."""
    ctx = engines.context(now())
    made = await create_service(ctx, acme.account, ServiceChanges(friendly_name="Shop", status_callback=HOOK))
    number = await a_number(engines, acme.account)
    await add_number(ctx, acme.account, made.id, number.id)
    return made


async def sent(
    engines: Engines, acme: NewAccount, service: Service, send_at: datetime | None = None, body: str = "Tea"
) -> Message:
    new = NewMessage(to=TO, service_id=service.id, body=body, send_at=send_at)
    return await create_message(engines.context(now()), acme.account, new)


async def told(engines: Engines) -> list[str]:
    rows = await engines.db.main.column("SELECT fields FROM callbacks.delivery WHERE url = $1 ORDER BY id", HOOK)
    return [row.partition("MessageStatus=")[2].partition("&")[0] for row in rows]


async def gone(engines: Engines, at: datetime) -> list[object]:
    _, claimed = await claim_due(engines.context(at), new_id())
    return [one.message_id for some in claimed.values() for one in some]


async def test_a_service_chooses_the_sender_and_hears_of_the_states(
    engines: Engines, acme: NewAccount, service: Service
) -> None:
    message = await sent(engines, acme, service)
    assert (message.status, message.status_callback, message.validity_seconds) == ("accepted", HOOK, 36_000)
    assert await gone(engines, now()) == [message.id]
    stored = await queries.message(engines.db.main, acme.account.id, message.id)
    assert stored.states == ["accepted", "queued", "sending"]
    assert await told(engines) == ["queued"]


async def test_a_service_makes_typography_plain(engines: Engines, acme: NewAccount, service: Service) -> None:
    message = await sent(engines, acme, service, body="“It’s here”")
    assert (message.body, message.encoding) == ('"It\'s here"', "GSM-7")


async def test_a_scheduled_message_goes_when_its_time_has_come(
    engines: Engines, acme: NewAccount, service: Service
) -> None:
    at = now() + timedelta(minutes=20)
    message = await sent(engines, acme, service, at)
    assert message.status == "scheduled"
    assert await gone(engines, at - timedelta(seconds=1)) == []
    assert await gone(engines, at + timedelta(seconds=1)) == [message.id]
    assert await told(engines) == ["queued"]


async def test_a_scheduled_message_can_be_canceled(engines: Engines, acme: NewAccount, service: Service) -> None:
    at = now() + timedelta(minutes=20)
    message = await sent(engines, acme, service, at)
    await cancel_message(engines.context(now()), acme.account, message.id)
    assert await gone(engines, at + timedelta(seconds=1)) == []
    assert await told(engines) == ["canceled"]


@pytest.mark.parametrize("minutes", [-5, 0, 14, 35 * 24 * 60 + 1])
async def test_times_that_cannot_be_kept_are_refused(
    engines: Engines, acme: NewAccount, service: Service, minutes: int
) -> None:
    with pytest.raises(CommsRefusal) as refused:
        await sent(engines, acme, service, now() + timedelta(minutes=minutes))
    assert refused.value.number == 35114
