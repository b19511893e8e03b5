"""Resources of `lookups.twilio.com`."""
