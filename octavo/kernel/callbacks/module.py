"""What kernel.callbacks brings to the house."""

from pathlib import Path

from octavo.kernel.callbacks._personal import PERSONAL
from octavo.kernel.callbacks._service import run_callbacks
from octavo.kernel.callbacks.jobs import FORGET_OLD, forget_old_callbacks
from octavo.kernel.module import Module, PersonalData, Sealed, Service

FORGOTTEN = "forgotten by itself after callbacks.keep_days; the owner is an account of a product"

MODULE = Module(
    name="callbacks",
    jobs=[forget_old_callbacks],
    schedules=[FORGET_OLD],
    services=[Service("callbacks", run_callbacks)],
    migrations=Path(__file__).parent / "migrations",
    sealed=[
        Sealed(table="callbacks.delivery", owner="owner_id", column=column, context=f"{PERSONAL}:{{owner}}")
        for column in ("sealed_fields", "sealed_answer")
    ],
    personal_data=(
        PersonalData(
            table="callbacks.delivery",
            person="owner_id",
            purpose="to deliver requests to an account's server, and to show it what was sent",
            erase=FORGOTTEN,
        ),
        PersonalData(
            table="callbacks.attempt",
            person="owner_id",
            purpose="to show an account what its server answered",
            erase=FORGOTTEN,
        ),
    ),
)
