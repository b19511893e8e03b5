"""kill -9 of the process of carriers while messages go out over SMPP: every message ends, and none goes out twice."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from tests.cli.calling import octavo
from tests.faults.victims import kill, strays
from tests.harness.running import RunningOctavo
from tests.products.comms.carrier.smpp.smsc import PASSWORD, Smsc, serving

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]
MESSAGES, WINDOW = 150, 5
PATIENCE = 120.0
RECEIPT = "id:id{} sub:001 dlvrd:001 submit date:2611210700 done date:2611210701 stat:DELIVRD err:000 text:"


def settings(folder: Path, port: int) -> dict[str, str]:
    line = {
        "host": "127.0.0.1",
        "port": port,
        "system_id": "octavo",
        "password_env": "SMPP_PASSWORD",
        "window": WINDOW,
        "longest_wait": 1,
        "doubt_seconds": 1,
    }
    path = folder / "lines.yaml"
    path.write_text(json.dumps({"lines": {"main": line}}))
    return {
        "SMPP_PASSWORD": PASSWORD,
        "OCTAVO_COMMS_CARRIER": "smpp",
        "OCTAVO_COMMS_SMPP_LINES": str(path),
        "OCTAVO_COMMS_SENDER_RATE": "1000",
    }


async def test_every_message_ends_and_none_goes_out_twice(tmp_path: Path) -> None:
    async with serving(Smsc(receipt=RECEIPT.format)) as smsc:
        running = RunningOctavo(tmp_path / "octavo", **settings(tmp_path, smsc.port))
        await asyncio.to_thread(running.start)
        try:
            words = ("comms", "account", "create", "--name", "Faults", "--data", str(running.data_dir), "--json")
            account = json.loads((await asyncio.to_thread(octavo, *words)).stdout)
            auth = (account["sid"], account["auth_token"])
            async with httpx.AsyncClient(base_url=running.url, auth=auth, timeout=30) as client:
                messages = [
                    {"to": f"+1415555{2000 + number}", "from": account["phone_number"], "body": f"Message {number}"}
                    for number in range(MESSAGES)
                ]
                sent = await client.post("/api/comms/v1/messages/bulk", json={"messages": messages})
                assert sent.json()["accepted"] == MESSAGES
                await smsc.until(lambda: len(smsc.taken) >= MESSAGES // 4)
                await asyncio.to_thread(kill, running, "carrier")
                found = await _ended(client)
        finally:
            await asyncio.to_thread(running.stop)
    arrived = [one.text.decode() for one in smsc.taken]
    assert len(arrived) == len(set(arrived)), "no message goes out twice"
    delivered = {one["body"] for one in found if one["status"] == "delivered"}
    in_doubt = [one for one in found if one["status"] != "delivered"]
    assert delivered <= set(arrived)
    assert {(one["status"], one["error_code"]) for one in in_doubt} <= {("failed", 30008)}
    assert len(in_doubt) <= 2 * WINDOW, "only what was about to be sent may be in doubt"
    assert strays(running) == []


async def _ended(client: httpx.AsyncClient) -> list[dict[str, object]]:
    """All messages, once none is on its way any more."""
    async with asyncio.timeout(PATIENCE):
        while True:
            listed = (await client.get("/api/comms/v1/messages", params={"limit": 1000})).json()["messages"]
            if all(one["status"] in ("delivered", "failed") for one in listed):
                return list(listed)
            await asyncio.sleep(0.5)
