"""How a command reaches the database: the configured one, the embedded one that runs, or one started for the moment."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from octavo.cli.data_directory import held_data_directory
from octavo.kernel.clock import now
from octavo.kernel.context import SYSTEM, Context
from octavo.kernel.db import EmbeddedServer
from octavo.settings import Settings


@contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """The URL of the database. An embedded server that is not running is started, and stopped at the end."""
    if settings.db.url:
        yield settings.db.url
        return
    server = EmbeddedServer(settings.data_dir, settings.db)
    if running := server.running_url():
        yield running
        return
    with held_data_directory(settings.data_dir):
        try:
            yield server.start()
        finally:
            server.stop()


@asynccontextmanager
async def command_context(settings: Settings, url: str) -> AsyncIterator[Context]:
    """A context for a command: it acts as the system, on a migrated database."""
    from octavo import app

    await app.prepare_database(url)
    async with app.opened_engines(settings, url, application="command") as engines:
        yield Context(actor=SYSTEM, now=now(), engines=engines)
