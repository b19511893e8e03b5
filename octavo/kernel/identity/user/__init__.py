"""Users: people with an account, what they are called, and what they may do."""
