"""What Prometheus can see of the jobs."""

from prometheus_client import Counter, Gauge, Histogram

STARTED = Counter("octavo_jobs_started", "Runs that were started.", ["job"])
ENDED = Counter(
    "octavo_jobs_ended", "Runs by how they ended: done, retried, dead, given_back or lost.", ["job", "outcome"]
)
DURATION = Histogram(
    "octavo_jobs_duration_seconds",
    "How long runs took.",
    ["job"],
    buckets=(0.001, 0.005, 0.025, 0.1, 0.5, 2, 10, 60, 300, 1800, 7200),
)
RUNNING = Gauge("octavo_jobs_running", "Jobs that this process runs now.", ["queue"])
WAITING = Gauge("octavo_jobs_waiting", "Jobs that could start now.", ["queue"])
DEAD = Gauge("octavo_jobs_dead", "Jobs that failed for good.", ["queue"])


class JobMetrics:
    """The metrics of one job, looked up once: finding labels takes longer than counting."""

    __slots__ = ("_ended", "_name", "seconds", "started")

    def __init__(self, name: str) -> None:
        self._name = name
        self.started = STARTED.labels(name)
        self.seconds = DURATION.labels(name)
        self._ended: dict[str, Counter] = {}

    def ended(self, outcome: str) -> None:
        counter = self._ended.get(outcome)
        if counter is None:
            counter = self._ended[outcome] = ENDED.labels(self._name, outcome)
        counter.inc()
