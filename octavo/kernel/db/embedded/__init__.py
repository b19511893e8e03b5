"""PostgreSQL inside the data directory, run as a direct child: nothing to install and nothing left behind."""

from octavo.kernel.db.embedded._reasons import AlreadyRunning, CannotStart, NoLongerWanted
from octavo.kernel.db.embedded._server import EmbeddedServer

__all__ = ["AlreadyRunning", "CannotStart", "EmbeddedServer", "NoLongerWanted"]
