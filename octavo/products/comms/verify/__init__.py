"""Verify: proving that a person has a number, an address or a device, by a code that is sent or made there."""
