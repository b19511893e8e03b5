"""Jobs as an operator sees them in a terminal."""

from collections.abc import Sequence
from datetime import datetime

from rich.console import Group
from rich.table import Table
from rich.text import Text

from octavo.kernel.jobs.rows import ListedJob, ListedWorker, QueueDepth

STYLES = {"running": "green", "dead": "red", "waiting": ""}


def overview(
    depths: Sequence[QueueDepth], workers: Sequence[ListedWorker], jobs: Sequence[ListedJob], now: datetime
) -> Group:
    parts: list[Table | Text] = [_queues(depths), _workers(workers, now)]
    parts.append(job_table(jobs, now) if jobs else Text("Nothing is running, nothing has failed.", style="dim"))
    return Group(*parts)


def job_table(jobs: Sequence[ListedJob], now: datetime) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("state", "job", "queue", "key", "start", "when", "id"):
        table.add_column(heading, no_wrap=heading in {"state", "start", "when", "id"})
    table.add_column("reason", overflow="ellipsis", no_wrap=True, max_width=60)
    for job in jobs:
        table.add_row(
            Text(job.state, style=STYLES[job.state]),
            job.name,
            job.queue,
            job.key or "",
            f"{job.starts}/{job.max_starts}",
            _when(job, now),
            str(job.id),
            job.error.partition("\n")[0],
        )
    return table


def _queues(depths: Sequence[QueueDepth]) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    table.add_column("queue", min_width=12)
    for heading in ("waiting", "later", "running", "dead"):
        table.add_column(heading, justify="right")
    for depth in depths:
        dead = Text(str(depth.dead), style="red" if depth.dead else "")
        table.add_row(depth.queue, str(depth.waiting), str(depth.later), str(depth.running), dead)
    if not depths:
        table.add_row("all", "0", "0", "0", "0")
    return table


def _workers(workers: Sequence[ListedWorker], now: datetime) -> Table:
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("worker", "pid", "queues", "lease"):
        table.add_column(heading)
    for worker in workers:
        left = (worker.lease_until - now).total_seconds()
        lease = Text(f"{left:.0f} s", style="" if left > 0 else "red")
        table.add_row(worker.host.partition(" ")[0], str(worker.pid), ", ".join(worker.queues), lease)
    return table


def _when(job: ListedJob, now: datetime) -> str:
    if job.state == "waiting":
        wait = (job.due - now).total_seconds()
        return f"in {_long(wait)}" if wait > 0 else f"since {_long(-wait)}"
    began = job.started_at or job.due
    return f"{'for' if job.state == 'running' else 'ago'} {_long((now - began).total_seconds())}"


def _long(seconds: float) -> str:
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds:.1f} s"
