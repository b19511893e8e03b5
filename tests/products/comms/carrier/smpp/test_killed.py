"""kill -9 of the process of carriers while it sends: no message arrives twice, and none is left without an answer."""

import asyncio
import json
import sys
from pathlib import Path
from uuid import UUID

import msgspec
import pytest

from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.carrier.protocol import Submission
from octavo.products.comms.carrier.smpp.carrier import SmppCarrier
from octavo.products.comms.carrier.smpp.network import network
from tests.products.comms.carrier.smpp import victim
from tests.products.comms.carrier.smpp.lines import a_process, running
from tests.products.comms.carrier.smpp.smsc import PASSWORD, Smsc, serving
from tests.products.comms.carrier.submissions import a_submission

pytestmark = pytest.mark.slow
MESSAGES = 300


@pytest.mark.parametrize("killed_after", [30, 170])
async def test_no_message_is_sent_twice(engines: Engines, acme: NewAccount, tmp_path: Path, killed_after: int) -> None:
    some = [a_submission(acme.account.id, body=f"Number {number}") for number in range(MESSAGES)]
    async with serving(Smsc()) as smsc:
        await _send_until_killed(engines, smsc, some, tmp_path, killed_after)
        async with a_process(engines, smsc.port, doubt_seconds=0) as process, running(process):
            async with asyncio.timeout(60):
                while not network(process).lines["main"].can_send:
                    await asyncio.sleep(0.01)
            kinds = await _settled(SmppCarrier(process), some)
    assert set(kinds.values()) <= {"accepted", "refused"}
    arrived = [sent.text.decode() for sent in smsc.taken]
    assert len(arrived) == len(set(arrived))
    # Refused are only those of the batch that was under way; whoever is told that a message was taken can rely on it.
    assert list(kinds.values()).count("refused") <= 20
    assert {one.body for one in some if kinds[one.message_id] == "accepted"} <= set(arrived)


async def _settled(carrier: SmppCarrier, some: list[Submission]) -> dict[UUID, str]:
    """How each ended; what there was no time to send is given again, as the dispatch does it."""
    kinds: dict[UUID, str] = {}
    async with asyncio.timeout(60):
        while left := [one for one in some if one.message_id not in kinds]:
            kinds |= {one.message_id: one.kind for one in await carrier.settle(left) if one.kind != "later"}
    return kinds


async def _send_until_killed(
    engines: Engines, smsc: Smsc, some: list[Submission], folder: Path, killed_after: int
) -> None:
    line = {"host": "127.0.0.1", "port": smsc.port, "system_id": "octavo", "password": PASSWORD, "window": 10}
    lines, messages = folder / "lines.yaml", folder / "messages.json"
    lines.write_text(json.dumps({"lines": {"main": line}}))
    messages.write_bytes(msgspec.json.encode(some))
    arguments = (str(engines.settings.data_dir), engines.db.main.url, str(lines), str(messages))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", victim.__name__, *arguments, cwd=Path(__file__).parents[5]
    )
    try:
        await smsc.until(lambda: len(smsc.taken) >= killed_after)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
