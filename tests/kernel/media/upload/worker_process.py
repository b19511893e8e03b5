"""A worker to be killed, in whose house films of the watched folder belong to no product: see the one of processing."""

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from octavo.kernel.media import register_purposes
from octavo.kernel.media.upload.tus import DEFAULT_PURPOSE
from tests.kernel.media.house import TESTED
from tests.kernel.media.processing.worker_process import work

if __name__ == "__main__":
    register_purposes([replace(TESTED, name=DEFAULT_PURPOSE)])
    asyncio.run(work(sys.argv[1], Path(sys.argv[2])))
