"""The list of messages over HTTP: page 1 and page 1,000 of a million, as 50 to a page."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import uvloop

from bench.accept import SETTINGS, Server
from bench.frame import Measure
from bench.messages import Sender, a_sender, opened
from octavo.kernel.db import EmbeddedServer
from octavo.settings import Settings, load_settings

MESSAGES = 1_000_000
BATCH = 50_000
PAGE, FAR = 50, 1_000
READS = 400
LONGEST, SPREAD = 20.0, 1.5


def run() -> Sequence[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(Path(folder), environ={}, **SETTINGS)
        server = EmbeddedServer(settings.data_dir, settings.db)
        url = server.start()
        try:
            sender = uvloop.run(a_sender(settings, url))
            far = uvloop.run(_fill(settings, url, sender))
            octavo = Server("ours", settings, url, sender)
            try:
                near_times, far_times = uvloop.run(_measure(octavo.port, sender, far))
            finally:
                octavo.stop()
        finally:
            server.stop()
    near_p99, far_p99 = _p99(near_times), _p99(far_times)
    return (
        Measure("page 1, p99", near_p99, None, LONGEST, "ms"),
        Measure("page 1,000, p99", far_p99, None, LONGEST, "ms"),
        Measure("page 1,000 against page 1, p99", far_p99, near_p99, SPREAD, "ms"),
    )


async def _fill(settings: Settings, url: str, sender: Sender) -> UUID:
    """A million messages of one account; the id that page 1,000 begins behind."""
    from octavo.kernel.clock import now
    from octavo.products.comms.message.queries import first_id
    from octavo.products.comms.sids import read_sid

    account_id, start = read_sid(sender.account_sid, "AC"), now() - timedelta(days=30)
    ids = [first_id(start + timedelta(milliseconds=n)) for n in range(MESSAGES)]
    async with opened(settings, url) as engines:
        for first in range(0, MESSAGES, BATCH):
            await engines.db.main.execute(
                """
                INSERT INTO comms.message (account_id, id, direction, sender, recipient, body, encoding, num_segments,
                    media_urls, num_media, status, status_callback, price, currency, states, state_times, created_at,
                    updated_at, sent_at)
                SELECT $1, id, 'outbound-api', $3, '+14155550111', 'Your table is ready', 'GSM-7', 1, '{}', 0,
                    'delivered', '', 8000, 'USD', '{queued,sending,sent,delivered}',
                    ARRAY[$4, $4, $4, $4]::timestamptz[], $4, $4, $4
                FROM unnest($2::uuid[]) AS t (id)
                """,
                account_id,
                ids[first : first + BATCH],
                sender.number,
                start,
                timeout=120,
            )
        await engines.db.main.execute("VACUUM ANALYZE comms.message", timeout=120)
    return ids[MESSAGES - (FAR - 1) * PAGE]


async def _measure(port: int, sender: Sender, far: UUID) -> tuple[list[float], list[float]]:
    """Milliseconds of each read, the two pages in turn."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    near = f"PageSize={PAGE}"
    beyond = f"PageSize={PAGE}&Page={FAR - 1}&PageToken=PA{far.hex}"
    times: dict[str, list[float]] = {near: [], beyond: []}
    for number in range(READS + 20):  # the first reads fill caches
        for query, taken in times.items():
            began = time.perf_counter()
            writer.write(
                f"GET /2010-04-01/Accounts/{sender.account_sid}/Messages.json?{query} HTTP/1.1\r\n"
                f"Host: api.twilio.com\r\nAuthorization: {sender.authorization}\r\n\r\n".encode()
            )
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            answer = await reader.readexactly(length)
            if not head.startswith(b"HTTP/1.1 200") or answer.count(b'"sid"') != PAGE:
                raise RuntimeError(f"refused: {head.decode()}{answer[:500].decode()}")
            if number >= 20:
                taken.append((time.perf_counter() - began) * 1000)
    writer.close()
    return times[near], times[beyond]


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]
