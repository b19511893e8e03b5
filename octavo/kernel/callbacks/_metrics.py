"""What operators watch."""

from prometheus_client import Counter, Histogram

DELIVERED = Counter("octavo_callbacks_delivered", "Callbacks that a server took")
RETRIED = Counter("octavo_callbacks_retried", "Rounds that ended without an answer and will be repeated")
FAILED = Counter("octavo_callbacks_failed", "Callbacks given up")
WAITED = Histogram(
    "octavo_callbacks_wait_seconds",
    "Time from a callback's transaction to its sending",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30, 300),
)
