"""What operators watch."""

from prometheus_client import Counter, Gauge, Histogram

DELIVERED = Counter("octavo_callbacks_delivered", "Callbacks that a server took.")
RETRIED = Counter("octavo_callbacks_retried", "Rounds that nobody answered well, to be repeated.")
FAILED = Counter("octavo_callbacks_failed", "Callbacks given up.")
UNDER_WAY = Gauge("octavo_callbacks_under_way", "Callbacks that this process is sending now.")
RESTING = Gauge("octavo_callbacks_resting_destinations", "Servers that are left in peace because they kept failing.")
WAITED = Histogram(
    "octavo_callbacks_wait_seconds",
    "Time from a callback's transaction to its first sending.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 300),
)
