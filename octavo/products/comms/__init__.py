"""Communications: messages, numbers and accounts, spoken in the protocol of the official Twilio SDKs."""
