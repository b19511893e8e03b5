"""Resources of `pricing.twilio.com`."""
