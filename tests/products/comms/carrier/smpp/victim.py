"""A carrier process to be killed: it gives messages to the line in small batches, as the dispatch does.

Arguments: data directory, database, file of lines, file of submissions (JSON).
"""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import msgspec

from octavo.app import opened_engines
from octavo.products.comms.carrier.protocol import Submission
from octavo.products.comms.carrier.smpp.carrier import SmppCarrier
from octavo.products.comms.carrier.smpp.service import run_smpp
from tests.harness.settings import patient_settings


async def main(data_dir: str, url: str, lines: str, file: str) -> None:
    waiting = msgspec.json.decode(Path(file).read_bytes(), type=list[Submission])
    settings = patient_settings(Path(data_dir), comms={"smpp_lines": lines})
    async with opened_engines(settings, url, application="victim") as engines:
        stopping = asyncio.Event()
        service = asyncio.create_task(run_smpp(replace(engines), stopping))
        carrier = SmppCarrier(engines)
        while waiting:
            batch, waiting = waiting[:20], waiting[20:]
            outcomes = {one.message_id: one.kind for one in await carrier.submit(batch)}
            waiting += [one for one in batch if outcomes[one.message_id] == "later"]
        stopping.set()
        await service


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
