"""What kernel.http brings: the addresses every Octavo has, its tables, and the job that forgets what has expired."""

from pathlib import Path

from octavo.kernel.http._idempotency import SEALED
from octavo.kernel.http.jobs import FORGET_EXPIRED, forget_expired
from octavo.kernel.http.routes import router
from octavo.kernel.module import Module, Sealed

MODULE = Module(
    name="http",
    routes=router.routes,
    jobs=[forget_expired],
    schedules=[FORGET_EXPIRED],
    migrations=Path(__file__).parent / "migrations",
    sealed=[Sealed(table="http.repetition", owner="id", column="body", context=SEALED)],
)
