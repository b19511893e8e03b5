"""Triggers: being told once something was used often, or costs much."""
