"""A thousand messages in one request of our own API: how many are accepted in a second, durably."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import httpx
import msgspec
import uvloop

from bench.accept import SETTINGS, Server
from bench.frame import Measure
from bench.messages import Sender, a_sender
from octavo.kernel.db import EmbeddedServer
from octavo.settings import load_settings

AT_ONCE = 1_000
REQUESTS = 20
IN_FLIGHT = 2
GOAL = 5_000.0
JSON = {"content-type": "application/json"}


def run() -> Sequence[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(Path(folder), environ={}, **SETTINGS)
        server = EmbeddedServer(settings.data_dir, settings.db)
        url = server.start()
        try:
            sender = uvloop.run(a_sender(settings, url))
            octavo = Server("web", settings, url, sender)
            try:
                one, several = uvloop.run(_measure(octavo.port, sender))
            finally:
                octavo.stop()
        finally:
            server.stop()
    return (
        Measure("accepted, one request at a time", one, None, GOAL, "messages/s", at_most=False),
        Measure("accepted, two requests at a time", several, None, GOAL, "messages/s", at_most=False),
    )


async def _measure(port: int, sender: Sender) -> tuple[float, float]:
    async with httpx.AsyncClient(
        base_url=f"http://127.0.0.1:{port}", auth=(sender.account_sid, sender.token), timeout=60
    ) as client:
        await _send(client, sender)  # opens connections, and fills caches
        began = time.perf_counter()
        for _ in range(REQUESTS):
            await _send(client, sender)
        one = AT_ONCE * REQUESTS / (time.perf_counter() - began)
        began = time.perf_counter()
        for _ in range(REQUESTS // IN_FLIGHT):
            await asyncio.gather(*[_send(client, sender) for _ in range(IN_FLIGHT)])
        return one, AT_ONCE * REQUESTS / (time.perf_counter() - began)


async def _send(client: httpx.AsyncClient, sender: Sender) -> None:
    wanted = [{"to": f"+1415555{n:04}", "from": sender.number, "body": f"Your code is {n:06}"} for n in range(AT_ONCE)]
    body = msgspec.json.encode({"messages": wanted})
    answer = await client.post("/api/comms/v1/messages/bulk", content=body, headers=JSON)
    if answer.status_code != 201 or msgspec.json.decode(answer.content)["accepted"] != AT_ONCE:
        raise RuntimeError(f"refused: {answer.text[:500]}")
