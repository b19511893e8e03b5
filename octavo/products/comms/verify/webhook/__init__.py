"""Webhooks: where an account is told of factors and challenges."""
