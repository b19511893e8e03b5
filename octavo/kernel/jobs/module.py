"""What the jobs bring to the house: their tables and the commands to look after them."""

from pathlib import Path

from octavo.kernel.jobs.commands import commands
from octavo.kernel.module import Module

MODULE = Module(name="jobs", migrations=Path(__file__).parent / "migrations", commands=commands)
