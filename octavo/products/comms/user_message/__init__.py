"""Messages from one person to another."""
