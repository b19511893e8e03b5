"""The audit trail: what happened to whose account, without naming anyone once they are gone."""
