"""The account page: what a person changes about their own account."""
