"""What messages, calls and numbers cost, by country."""
