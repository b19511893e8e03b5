"""The spend and fraud guard: where an account's messages may go, how many a day, and what looks like fraud."""
