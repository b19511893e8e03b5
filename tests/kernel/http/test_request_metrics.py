"""What the server counts about requests, as Prometheus reads it."""

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from octavo.kernel.http._metrics import Requests


def test_a_route_has_a_counter_for_each_status_and_one_histogram() -> None:
    requests = Requests()
    for status, seconds in ((200, 0.0004), (200, 0.001), (404, 0.003), (500, 7.0)):
        requests.observe("GET /a", status, seconds)
    requests.observe("GET /b", 200, 0.2)
    requests.open = 2
    figures = figures_of(requests)
    assert figures["octavo_http_requests_total", "GET /a", "200"] == 2
    assert figures["octavo_http_requests_total", "GET /a", "404"] == 1
    assert figures["octavo_http_requests_total", "GET /b", "200"] == 1
    for bound, count in (("0.001", 2), ("0.005", 3), ("5.0", 3), ("+Inf", 4)):
        assert figures["octavo_http_request_seconds_bucket", "GET /a", bound] == count
    assert figures["octavo_http_request_seconds_count", "GET /a", ""] == 4
    assert abs(figures["octavo_http_request_seconds_sum", "GET /a", ""] - 7.0044) < 1e-9
    assert figures["octavo_http_open_requests", "", ""] == 2


def test_before_the_first_request_there_is_nothing_but_names() -> None:
    assert figures_of(Requests()) == {("octavo_http_open_requests", "", ""): 0}


def figures_of(requests: Requests) -> dict[tuple[str, str, str], float]:
    """By name, route, and status or bound."""
    registry = CollectorRegistry()
    registry.register(requests)
    return {
        (sample.name, sample.labels.get("route", ""), sample.labels.get("status") or sample.labels.get("le", "")): (
            sample.value
        )
        for family in text_string_to_metric_families(generate_latest(registry).decode())
        for sample in family.samples
    }
