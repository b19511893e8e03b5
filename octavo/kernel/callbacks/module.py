"""What kernel.callbacks brings to the house."""

from pathlib import Path

from octavo.kernel.callbacks._service import run_callbacks
from octavo.kernel.callbacks.jobs import FORGET_OLD, forget_old_callbacks
from octavo.kernel.module import Module, Service

MODULE = Module(
    name="callbacks",
    jobs=[forget_old_callbacks],
    schedules=[FORGET_OLD],
    services=[Service("callbacks", run_callbacks)],
    migrations=Path(__file__).parent / "migrations",
)
