"""One page of figures for all processes of a machine."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client import REGISTRY, Counter

from octavo.kernel.metrics import _write, all_metrics, leave_metrics


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


def test_a_file_that_was_cut_off_takes_nothing_from_the_others(counted: Counter, tmp_path: Path) -> None:
    counted.labels("ferry").inc()
    (tmp_path / "media.prom").write_text('# TYPE octavo_whole gauge\noctavo_whole 1.0\n# TYPE b gauge\nb{kind="fer')
    shown = all_metrics(tmp_path, "web")
    assert b'octavo_test_counted_total{kind="ferry",process="web"} 1.0' in shown
    assert b"octavo_whole" not in shown


def test_two_processes_of_one_name_write_their_files_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One is interrupted by the other where its file is written and not yet in its place."""
    replace, written = Path.replace, b"octavo_one 1.0\n" * 1000

    def replaced(part: Path, file: Path) -> None:
        monkeypatch.undo()
        monkeypatch.setattr(os, "getpid", lambda: 1)
        monkeypatch.setattr(Path, "replace", lambda part, file: None)
        _write(file, b"octavo_other")
        monkeypatch.undo()
        replace(part, file)

    monkeypatch.setattr(Path, "replace", replaced)
    _write(tmp_path / "worker.prom", written)
    assert (tmp_path / "worker.prom").read_bytes() == written
