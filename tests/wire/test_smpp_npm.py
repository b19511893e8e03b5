"""The npm package `smpp` as the carrier: it reads what a line sends, reports it, and says something itself."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.smpp.carrier import SmppCarrier
from octavo.ui.node import node_command
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
        async with asyncio.timeout(20):
            found: dict[str, Any] = json.loads(await self._process.stdout.readline())
        return found

    def say(self, sender: str, recipient: str, text: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"say {sender} {recipient} {text}\n".encode())

    async def seen(self) -> dict[str, Any]:
        assert self._process.stdin is not None
        self._process.stdin.close()
        return await self.line()


@pytest.fixture
async def centre() -> AsyncIterator[NodeCentre]:
    node_modules()
    command = node_command(str(HERE / "smpp_smsc.mjs"), PASSWORD)
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    found = NodeCentre(process)
    found.port = (await found.line())["port"]
    yield found
    if process.returncode is None:
        process.kill()
    await process.wait()


@pytest.fixture
async def acme(engines: Engines) -> NewAccount:
    return await an_account(engines)


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
        await asyncio.sleep(0.3 if bind == "separate" else 0)  # so that the receiver is there for the receipts
        assert {one.kind for one in await accepted(SmppCarrier(process), some)} == {"accepted"}
        for one in some:
            await until_state(engines, acme, one, "delivered")
    seen = await centre.seen()
    assert seen["receipts"] == seen["acknowledged"] == seen["submitted"] == 2 + 3 + 3
    whole = [part["text"] for part in seen["texts"] if not part["udh"]]
    assert sorted(whole) == sorted(text for text, is_long in TEXTS.items() if not is_long)
    for text in (text for text, is_long in TEXTS.items() if is_long):
        assert text in "".join(part["text"] for part in seen["texts"] if part["udh"])


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
