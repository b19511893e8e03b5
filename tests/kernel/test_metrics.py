"""One page of figures for all processes of a machine."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import REGISTRY, Counter

from octavo.kernel.metrics import all_metrics, leave_metrics


@pytest.fixture
def counted() -> Iterator[Counter]:
    """A metric for this test alone: those that stay are documented."""
    counter = Counter("octavo_test_counted", "Things that the tests of metrics counted.", ["kind"])
    yield counter
    REGISTRY.unregister(counter)


async def test_the_figures_of_another_process_stand_beside_our_own(counted: Counter, tmp_path: Path) -> None:
    counted.labels("ferry").inc(3)
    stopping = asyncio.Event()
    leaving = asyncio.create_task(leave_metrics(tmp_path, "worker-default", stopping))
    while not (tmp_path / "worker-default.prom").exists():
        await asyncio.sleep(0)
    shown = all_metrics(tmp_path, "web").decode()
    stopping.set()
    await leaving
    assert 'octavo_test_counted_total{kind="ferry",process="web"} 3.0' in shown
    assert 'octavo_test_counted_total{kind="ferry",process="worker-default"} 3.0' in shown
    assert shown.count("# TYPE octavo_test_counted_total counter") == 1
    assert list(tmp_path.iterdir()) == []  # an ended process leaves nothing


def test_figures_that_nobody_renews_are_left_out(tmp_path: Path) -> None:
    old = tmp_path / "worker-default.prom"
    old.write_text("# TYPE octavo_old gauge\noctavo_old 1.0\n")
    os.utime(old, (1, 1))
    assert b"octavo_old" not in all_metrics(tmp_path, "web")
