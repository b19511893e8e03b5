"""What the server counts about itself, for Prometheus."""

from prometheus_client import Counter, Gauge, Histogram

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BUCKETS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0)

requests = Counter("octavo_http_requests", "Requests answered, by route and status.", ["route", "status"])
seconds = Histogram(
    "octavo_http_request_seconds",
    "Seconds from the start of a request to the end of its answer, by route.",
    ["route"],
    buckets=_BUCKETS,
)
open_requests = Gauge("octavo_http_open_requests", "Requests and event streams being answered now.")

# `labels()` costs more than counting, so each set of labels is looked up once.
_counters: dict[tuple[str, int], Counter] = {}
_histograms: dict[str, Histogram] = {}


def observe(route: str, status: int, taken: float) -> None:
    counter = _counters.get((route, status))
    if counter is None:
        counter = _counters[route, status] = requests.labels(route, str(status))
    counter.inc()
    histogram = _histograms.get(route)
    if histogram is None:
        histogram = _histograms[route] = seconds.labels(route)
    histogram.observe(taken)
