"""What kernel.search brings to the house. The texts are other packages' things, which declare whose they are."""

from pathlib import Path

from octavo.kernel.module import Module

MODULE = Module(name="search", migrations=Path(__file__).parent / "migrations")
