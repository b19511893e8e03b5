"""What the events bring to the house: their tables, and commands for those that could not be delivered."""

from pathlib import Path

from octavo.kernel.events.commands import commands
from octavo.kernel.module import Module

MODULE = Module(name="events", migrations=Path(__file__).parent / "migrations", commands=commands)
