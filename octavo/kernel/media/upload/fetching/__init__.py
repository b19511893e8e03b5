"""Fetching: a file comes from an address on the web, fetched by the server in the background."""
