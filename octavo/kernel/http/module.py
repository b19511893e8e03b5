"""What kernel.http brings: its tables, and the job that forgets what has expired."""

from pathlib import Path

from octavo.kernel.http.routes import router
from octavo.kernel.module import Module

MODULE = Module(name="http", routes=router.routes, migrations=Path(__file__).parent / "migrations")
