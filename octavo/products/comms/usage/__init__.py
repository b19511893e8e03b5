"""Usage: what accounts used and what it cost, counted as it happens."""
