"""The npm package `smpp` as the carrier: it reads what a line sends, reports it, and says something itself."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.smpp.carrier import SmppCarrier
from octavo.products.comms.carrier.smpp.network import network
from octavo.ui.node import node_command
from tests.harness.addresses import port_of_its_own
from tests.products.comms.accounts import an_account
from tests.products.comms.carrier.smpp.lines import a_message, a_process, accepted, running, until_state
from tests.products.comms.carrier.smpp.smsc import PASSWORD
from tests.wire.conftest import HERE
from tests.wire.packages import node_modules

pytestmark = pytest.mark.slow


class NodeCentre:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.port = 0

    async def line(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        async with asyncio.timeout(60):
            found: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return found

    def say(self, sender: str, recipient: str, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"say {sender} {recipient} {text}\n".encode())

    async def kill(self) -> None:
        self._process.kill()
        await self._process.wait()

    async def seen(self) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.close()
        return await self.line()


@asynccontextmanager
async def started(*options: object) -> AsyncIterator[NodeCentre]:
    """Killed at the end, whatever it was doing."""
    node_modules()
    command = node_command(str(HERE / "smpp_smsc.mjs"), PASSWORD, *(str(one) for one in options))
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    found = NodeCentre(process)
    try:
        found.port = (await found.line())["port"]
        yield found
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.fixture
async def centre() -> AsyncIterator[NodeCentre]:
    async with started() as found:
        yield found


@pytest.fixture
async def acme(engines: Engines) -> NewAccount:
    return await an_account(engines)


WINDOW = 10
IMPATIENT = {"window": WINDOW, "longest_wait": 0.5, "doubt_seconds": 0.3}
TEXTS = {
    "Größe: 10 € {now}": False,
    "Привет 🌍": False,
    "A long one. " * 30: True,
    "Длинное сообщение. " * 10: True,
}


@pytest.mark.parametrize("bind", ["transceiver", "separate"])
async def test_texts_are_read_and_their_receipts_come_back(
    engines: Engines, acme: NewAccount, centre: NodeCentre, bind: str
) -> None:
    async with a_process(engines, centre.port, bind=bind) as process, running(process):
        some = [await a_message(engines, acme, text) for text in TEXTS]
        await until_up(process)  # with the receiver, which the receipts come to
        assert {one.kind for one in await accepted(SmppCarrier(process), some)} == {"accepted"}
        for one in some:
            await until_state(engines, acme, one, "delivered")
    seen = await centre.seen()
    assert seen["receipts"] == seen["acknowledged"] == seen["submitted"] == 2 + 3 + 3
    whole = [part["text"] for part in seen["texts"] if not part["udh"]]
    assert sorted(whole) == sorted(text for text, is_long in TEXTS.items() if not is_long)
    for text in (text for text, is_long in TEXTS.items() if is_long):
        assert text in "".join(part["text"] for part in seen["texts"] if part["udh"])


async def until_up(process: Engines) -> None:
    """Until its line can send and hear."""
    line = network(process).lines["main"]
    async with asyncio.timeout(60):
        while line.up_since is None:
            await asyncio.sleep(0.02)


async def test_what_it_says_is_received(engines: Engines, acme: NewAccount, centre: NodeCentre) -> None:
    async with a_process(engines, centre.port) as process, running(process):
        one = await a_message(engines, acme)
        await accepted(SmppCarrier(process), [one])
        centre.say("14155550111", one.sender.removeprefix("+"), "Ça va, 5 €?")
        assert (await centre.line())["status"] == 0
    bodies = await engines.db.main.column(
        "SELECT body FROM comms.message WHERE account_id = $1 AND direction = 'inbound'", acme.account.id
    )
    assert bodies == ["Ça va, 5 €?"]


@pytest.fixture
def port() -> Iterator[int]:
    with port_of_its_own() as one:
        yield one


async def test_it_dies_in_the_middle_of_a_window_and_nothing_goes_out_twice(
    engines: Engines, acme: NewAccount, port: int
) -> None:
    some = [await a_message(engines, acme, f"Message {number}") for number in range(40)]
    taken: list[str] = []
    async with started("tell", 12, port) as first, a_process(engines, port, **IMPATIENT) as process, running(process):
        sending = asyncio.create_task(accepted(SmppCarrier(process), some))
        while len(taken) < 12 + WINDOW:
            taken.append((await first.line())["text"])
        await first.kill()
        async with started("tell", 1000, port) as second:
            kinds = {one.message_id: one.kind for one in await sending}
            doubtful = [one for one in some if kinds[one.message_id] == "doubtful"]
            assert WINDOW <= len(doubtful) <= 2 * WINDOW
            async with asyncio.timeout(60):
                while any(one.kind == "doubtful" for one in await SmppCarrier(process).settle(doubtful)):
                    await asyncio.sleep(0.1)
            while len(taken) < len(some):
                taken.append((await second.line())["text"])
            settled = await SmppCarrier(process).settle(some)
    assert sorted(taken) == sorted(one.body for one in some), "each went out once"
    assert sum(one.error_code == 30008 for one in settled) == len(doubtful)
    assert {one.kind for one in settled if one.error_code is None} == {"accepted"}
