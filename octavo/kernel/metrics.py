"""One `/metrics` for all processes of a machine: all but a lone web process leave their figures in a file.

prometheus-client's own multi-process mode wants an environment variable before its import and maps files that outlive
their process; a small text file every few seconds is enough for figures that are scraped every fifteen.
"""

import asyncio
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from prometheus_client import REGISTRY, Metric, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

EVERY_SECONDS = 5.0
STALE_SECONDS = 60.0


def metrics_folder(data_dir: Path) -> Path:
    return data_dir / "run" / "metrics"


async def leave_metrics(folder: Path, process: str, stopping: asyncio.Event) -> None:
    """Write this process's figures to `folder` until `stopping`; then take them away."""
    file = folder / f"{process}.prom"
    try:
        while not stopping.is_set():
            await asyncio.to_thread(_write, file, generate_latest(REGISTRY))
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY_SECONDS):
                    await stopping.wait()
    finally:
        file.unlink(missing_ok=True)


def _write(file: Path, figures: bytes) -> None:
    with suppress(OSError):  # a full disk must not stop the work
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(f".{os.getpid()}.part")  # another process may have been given the same name
        part.write_bytes(figures)
        part.replace(file)


def all_metrics(folder: Path, process: str) -> bytes:
    """This process's figures and those left by the others, each sample with the label `process`."""
    return generate_latest(_Everyone(folder, process))


class _Everyone(Collector):
    def __init__(self, folder: Path, process: str) -> None:
        self._folder, self._process = folder, process

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for process, metric in self._each():
            family = families.get(metric.name)
            if family is None:
                family = families[metric.name] = Metric(metric.name, metric.documentation, metric.type)
            for sample in metric.samples:
                family.samples.append(sample._replace(labels={**sample.labels, "process": process}))
        yield from families.values()

    def _each(self) -> Iterator[tuple[str, Metric]]:
        for metric in REGISTRY.collect():
            yield self._process, metric
        for file in sorted(self._folder.glob("*.prom")):
            if file.stem == self._process:
                continue  # what it left itself is older
            for metric in _left_in(file):
                yield file.stem, metric


def _left_in(file: Path) -> list[Metric]:
    """All that a process has left, or nothing: it may have ended while we looked, or its file be cut off."""
    with suppress(OSError, ValueError):
        if time.time() - file.stat().st_mtime < STALE_SECONDS:
            return list(text_string_to_metric_families(file.read_text()))
    return []
