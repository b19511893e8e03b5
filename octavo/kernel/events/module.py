"""What the events bring to the house: their tables."""

from pathlib import Path

from octavo.kernel.module import Module

MODULE = Module(name="events", migrations=Path(__file__).parent / "migrations")
