"""monitor.twilio.com: alerts and events."""
