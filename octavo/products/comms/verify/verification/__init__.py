"""Verifications: a code goes out, and comes back by the person who received it."""
