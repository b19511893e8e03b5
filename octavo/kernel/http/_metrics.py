"""What the server counts about itself, for Prometheus."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from itertools import accumulate

from prometheus_client import REGISTRY, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_BOUNDS = (0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0, float("inf"))


class _Tally:
    """Answers of one route with one status."""

    __slots__ = ("counts", "seconds")

    def __init__(self) -> None:
        self.counts = [0] * len(_BOUNDS)  # those that took no longer than the bound, but longer than the one before
        self.seconds = 0.0


class Requests(Collector):
    """Counted by the event loop alone, so without locks: each request pays for it."""

    def __init__(self) -> None:
        self.open = 0
        self._tallies: defaultdict[tuple[str, int], _Tally] = defaultdict(_Tally)

    def observe(self, route: str, status: int, seconds: float) -> None:
        tally = self._tallies[route, status]
        tally.counts[bisect_left(_BOUNDS, seconds)] += 1
        tally.seconds += seconds

    def collect(self) -> Iterator[Metric]:
        answered = CounterMetricFamily(
            "octavo_http_requests", "Requests answered, by route and status.", labels=["route", "status"]
        )
        taken = HistogramMetricFamily(
            "octavo_http_request_seconds",
            "Seconds from the start of a request to the end of its answer, by route.",
            labels=["route"],
        )
        for (route, status), tally in self._tallies.items():
            answered.add_metric([route, str(status)], sum(tally.counts))
        for route in dict.fromkeys(route for route, _ in self._tallies):
            tallies = [tally for (of, _), tally in self._tallies.items() if of == route]
            up_to = accumulate(map(sum, zip(*(tally.counts for tally in tallies), strict=True)))
            bounds = [(_written(bound), count) for bound, count in zip(_BOUNDS, up_to, strict=True)]
            taken.add_metric([route], bounds, sum(tally.seconds for tally in tallies))
        yield answered
        yield taken
        yield GaugeMetricFamily(
            "octavo_http_open_requests", "Requests and event streams being answered now.", self.open
        )


def _written(bound: float) -> str:
    return "+Inf" if bound == float("inf") else str(bound)


requests = Requests()
REGISTRY.register(requests)
