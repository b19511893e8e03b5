"""`octavo up` on a data directory it has used before: seconds until ready, and what each process keeps in memory."""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from bench.frame import Measure

STARTS = 5
SECONDS = 3.0
MEGABYTES = 256.0  # of a process; what forked children share with the supervisor counts in each


def run() -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder:
        _started(Path(folder))  # makes the database
        seconds, memory = zip(*(_started(Path(folder)) for _ in range(STARTS)), strict=True)
    return [
        Measure("warm start, median of five", statistics.median(seconds), None, SECONDS, "s"),
        *(Measure(f"resident, {name}", size, None, MEGABYTES, "MB") for name, size in sorted(memory[-1].items())),
    ]


def _started(folder: Path) -> tuple[float, dict[str, float]]:
    """Seconds from the command to its line of JSON, and megabytes by process, once."""
    command = [sys.executable, "-m", "octavo.cli", "up", "--data", str(folder), "--port", "0", "--json", "--quiet"]
    begun = time.monotonic()
    octavo = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        assert octavo.stdout is not None
        ready = json.loads(octavo.stdout.readline())
        seconds = time.monotonic() - begun
        return seconds, _memory(psutil.Process(ready["pid"]))
    finally:
        octavo.terminate()
        octavo.wait(20)


def _memory(supervisor: psutil.Process) -> dict[str, float]:
    """Resident megabytes of the supervisor, of each child, and of all of PostgreSQL's processes together."""
    sizes = {"supervisor": supervisor.memory_info().rss / 1e6, "postgres": 0.0}
    for process in supervisor.children(recursive=True):
        name = "postgres" if process.name() == "postgres" else process.name()
        # PostgreSQL's processes share most of their memory: their own pages are what each adds.
        memory = process.memory_full_info()
        sizes[name] = sizes.get(name, 0.0) + (memory.uss if name == "postgres" else memory.rss) / 1e6
    return sizes
