"""Resources of messaging.twilio.com: Messaging Services and their senders."""
