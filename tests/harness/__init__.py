"""What the fixtures of tests/conftest.py stand on: one shared server, cheap databases, running Octavos."""
