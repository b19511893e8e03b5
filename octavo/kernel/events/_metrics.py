"""What Prometheus can see of the events."""

from prometheus_client import Counter, Gauge

RELAYED = Counter("octavo_events_relayed", "Events that were given their position.")
RELAY_LAG = Gauge("octavo_events_relay_lag_seconds", "Age of the oldest event when it was last relayed.")
DELIVERED = Counter("octavo_events_delivered", "Events that a consumer has taken.", ["consumer"])
FAILED = Counter("octavo_events_failed", "Times that a consumer could not take an event.", ["consumer"])
PARKED = Counter("octavo_events_parked", "Events set aside because a consumer failed at them too often.", ["consumer"])
CONSUMER_LAG = Gauge("octavo_events_consumer_lag", "Events that a consumer has yet to pass.", ["consumer"])
