"""Resources of accounts.twilio.com: the auth tokens of an account."""
