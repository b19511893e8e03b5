"""kill -9 of any process under load: no accepted message is lost or sent twice, and each is told of in its order."""

import asyncio
import json
import random
import time
from collections import defaultdict
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest

from octavo.kernel.db import EmbeddedServer
from octavo.settings import load_settings
from tests.cli.calling import octavo
from tests.faults.victims import kill, strays
from tests.harness.receiver import Receiver, receiving
from tests.harness.running import RunningOctavo

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
SETTINGS = {
    "OCTAVO_OUTGOING_ALLOW": "127.0.0.0/8",
    "OCTAVO_COMMS_SENDER_RATE": "1000",
    "OCTAVO_COMMS_SIMULATED_DELAY": "0.05",
    "OCTAVO_CALLBACKS_FIRST_RETRY": "0.5",
}
MESSAGES, AT_ONCE = 120, 6
PATIENCE = 90.0
AGAIN_SECONDS = 10.0
STATES = ["sent", "delivered"]


@pytest.mark.parametrize(("seed", "victim"), [(0, "worker"), (1, "carrier"), (2, "web"), (3, "postgres")])
async def test_a_killed_process_loses_no_message(seed: int, victim: str, tmp_path: Path) -> None:
    running = RunningOctavo(tmp_path / "octavo", **SETTINGS)
    await asyncio.to_thread(running.start)
    try:
        async with receiving() as receiver:
            account = await _an_account(running)
            sending = asyncio.create_task(_send_all(running, account, receiver))
            await asyncio.sleep(0.2 + random.Random(seed).random())
            await asyncio.to_thread(kill, running, victim)
            accepted = await sending
            assert len(accepted) > MESSAGES / 2
            await _all_told(receiver, accepted)
            given = await _given_to_carrier(running)
            assert accepted <= given, "what was accepted is sent"
            await _all_told(receiver, given)
            assert _states(receiver) == dict.fromkeys(given, STATES)
    finally:
        await asyncio.to_thread(running.stop)
    assert strays(running) == []


async def _an_account(running: RunningOctavo) -> dict[str, str]:
    words = ("comms", "account", "create", "--name", "Faults", "--data", str(running.data_dir), "--json")
    created = await asyncio.to_thread(octavo, *words, **SETTINGS)
    account: dict[str, str] = json.loads(created.stdout)
    return account


async def _send_all(running: RunningOctavo, account: dict[str, str], receiver: Receiver) -> set[str]:
    """The SIDs of the accepted messages."""
    sids: set[str] = set()
    numbers = iter(range(MESSAGES))
    url = f"http://127.0.0.1:{running.ports['twilio']}/2010-04-01/Accounts/{account['sid']}/Messages.json"

    async def send_some(client: httpx.AsyncClient) -> None:
        for number in numbers:
            form = {
                "To": f"+1415555{2000 + number}",
                "From": account["phone_number"],
                "Body": f"Message {number}",
                "StatusCallback": f"{receiver.url}/status",
            }
            if sid := await _accepted(client, url, form):
                sids.add(sid)

    async with (
        httpx.AsyncClient(auth=(account["sid"], account["auth_token"]), headers={"host": "api.twilio.com"}) as client,
        asyncio.TaskGroup() as group,
    ):
        for _ in range(AT_ONCE):
            group.create_task(send_some(client))
    return sids


async def _accepted(client: httpx.AsyncClient, url: str, form: dict[str, str]) -> str | None:
    """What has no answer is asked for again under the same key. Where the database fell in the middle, nobody can tell
    for some minutes whether the first request was carried out; then the client gives up.
    """
    key = {"Idempotency-Key": uuid4().hex}
    give_up = time.monotonic() + AGAIN_SECONDS
    while time.monotonic() < give_up:
        try:
            answer = await client.post(url, data=form, headers=key)
        except httpx.TransportError:
            await asyncio.sleep(0.1)
            continue
        if answer.status_code == 201:
            sid: str = answer.json()["sid"]
            return sid
        assert answer.status_code in (409, 429, 503), answer.text
        await asyncio.sleep(0.1)
    return None


async def _all_told(receiver: Receiver, accepted: set[str]) -> None:
    async with asyncio.timeout(PATIENCE):
        while any(_states(receiver).get(sid) != STATES for sid in accepted):
            await asyncio.sleep(0.2)


def _states(receiver: Receiver) -> dict[str, list[str]]:
    """What each message was told of, in order. A callback may come twice: that is what at least once means."""
    told: defaultdict[str, list[str]] = defaultdict(list)
    for got in receiver.got:
        if got.form["MessageStatus"] not in told[got.form["MessageSid"]]:
            told[got.form["MessageSid"]].append(got.form["MessageStatus"])
    return told


async def _given_to_carrier(running: RunningOctavo) -> set[str]:
    """The SIDs of what the simulated carrier was given."""
    settings = load_settings(running.data_dir, environ={})
    url = EmbeddedServer(settings.data_dir, settings.db).running_url()
    assert url is not None
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT message_id, body FROM comms.simulated_sms")
    finally:
        await connection.close()
    assert len({row["body"] for row in rows}) == len(rows), "no message is sent twice"
    return {f"SM{row['message_id'].hex}" for row in rows}
