"""The service that keeps the lines up, asks after what carriers do not tell, and tidies up."""

import asyncio
import logging
from datetime import timedelta

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.refusals import Unavailable
from octavo.products.comms.carrier.smpp import queries
from octavo.products.comms.carrier.smpp.actions import ask_later, forget_old
from octavo.products.comms.carrier.smpp.bodies import Query
from octavo.products.comms.carrier.smpp.codes import State
from octavo.products.comms.carrier.smpp.configuration import SmppFileInvalid
from octavo.products.comms.carrier.smpp.joining import bring_incomplete, forget_joined
from octavo.products.comms.carrier.smpp.line import Line
from octavo.products.comms.carrier.smpp.link import pause
from octavo.products.comms.carrier.smpp.network import Network, network
from octavo.products.comms.carrier.smpp.pdu import Malformed
from octavo.products.comms.carrier.smpp.receipts import comparable, told
from octavo.products.comms.carrier.smpp.rows import PartKey, Told, Unheard
from octavo.products.comms.carrier.smpp.rules import address_of
from octavo.products.comms.carrier.smpp.session import ConnectionGone

log = logging.getLogger("octavo.comms.smpp")
ROUND_SECONDS = 5.0
QUESTIONS = 50  # in one round
INCOMPLETE_AFTER = timedelta(hours=1)
JOINED_KEPT = timedelta(minutes=10)
FORGOTTEN_AFTER = timedelta(days=8)  # no validity is longer


async def run_smpp(engines: Engines, stopping: asyncio.Event) -> None:
    """Until `stopping`. A file of lines that cannot be read is told, and read again once it may have been mended."""
    while not stopping.is_set():
        try:
            lines = network(engines)
        except SmppFileInvalid as fault:
            log.error("%s", fault)
            await pause(stopping, ROUND_SECONDS)
        else:
            await _run(engines, lines, stopping)


async def _run(engines: Engines, lines: Network, stopping: asyncio.Event) -> None:
    if not lines.lines:
        await stopping.wait()
        return
    async with asyncio.TaskGroup() as group:
        group.create_task(lines.run(stopping))
        group.create_task(_tend(engines, lines, stopping))


async def _tend(engines: Engines, lines: Network, stopping: asyncio.Event) -> None:
    while not stopping.is_set():
        await pause(stopping, ROUND_SECONDS)
        try:
            await ask_after_unheard(engines, lines)
            ctx = engines.context(now())
            await forget_joined(ctx, ctx.now - JOINED_KEPT)
            await bring_incomplete(ctx, ctx.now - INCOMPLETE_AFTER)
            await forget_old(ctx, ctx.now - FORGOTTEN_AFTER)
        except Unavailable as refusal:
            log.info("Tending the lines waits for the database: %s", refusal)
        except Exception:
            log.exception("Tending the lines failed, and is tried again")


async def ask_after_unheard(engines: Engines, lines: Network) -> None:
    """query_sm for messages whose receipt is overdue: it may have been lost while nobody listened."""
    up = [line.name for line in lines.lines.values() if line.can_send]
    for one in await queries.unheard(engines.db.main, up, now(), QUESTIONS):
        line = lines.lines[one.line]
        answer = await _asked(line, one)
        if answer is None or told(_state(answer.state), answer.error) is None:
            again = now() + timedelta(seconds=line.settings.query_seconds)
            await ask_later(engines.context(now()), PartKey(one.account_id, one.message_id, one.part), again)
        else:
            await lines.journal.take(answer)


async def _asked(line: Line, one: Unheard) -> Told | None:
    source = address_of(one.sender, ton=line.settings.source_ton, npi=line.settings.source_npi)
    try:
        found = await line.query(Query(one.smsc_id, source))
    except (ConnectionGone, TimeoutError, Malformed) as error:
        log.info("The carrier of %s was asked after a message and did not answer: %s", line.name, error)
        return None
    except Exception:
        log.exception("The carrier of %s could not be asked after the message %s", line.name, one.message_id)
        return None
    if found is None:
        return None
    key = comparable(one.smsc_id, line.settings.answer_ids)
    return Told(line.name, key, one.sender, "", found.state, found.error or None, None, now())


def _state(number: int | None) -> State | None:
    return State(number) if number in set(State) else None
