"""What the server counts about itself, for Prometheus."""

from dataclasses import dataclass, field

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0)


@dataclass(slots=True)
class HttpMetrics:
    """One registry per application, so that several may live in one process."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    requests: Counter = field(init=False)
    seconds: Histogram = field(init=False)
    open_requests: Gauge = field(init=False)
    _counters: dict[tuple[str, int], Counter] = field(default_factory=dict)
    _histograms: dict[str, Histogram] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.requests = Counter(
            "octavo_http_requests_total", "Requests answered.", ["route", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "octavo_http_request_seconds",
            "Seconds from a request's first byte to its answer's last.",
            ["route"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.open_requests = Gauge(
            "octavo_http_open_requests", "Requests and streams being answered now.", registry=self.registry
        )

    def observe(self, route: str, status: int, seconds: float) -> None:
        """Looks each label set up once: `labels()` costs more than counting."""
        counter = self._counters.get((route, status))
        if counter is None:
            counter = self._counters[route, status] = self.requests.labels(route, str(status))
        counter.inc()
        histogram = self._histograms.get(route)
        if histogram is None:
            histogram = self._histograms[route] = self.seconds.labels(route)
        histogram.observe(seconds)

    def exposition(self) -> bytes:
        """This application's numbers and the process's own."""
        return generate_latest(self.registry) + generate_latest(REGISTRY)
