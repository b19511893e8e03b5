"""Verify, version 2: `verify.twilio.com`."""
