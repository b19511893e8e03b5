"""How a command reaches the database: the configured one, the embedded one that runs, or one started for the moment."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TypeVar

from octavo.cli.data_directory import held_data_directory
from octavo.kernel.clock import now
from octavo.kernel.context import SYSTEM, Context
from octavo.kernel.db import EmbeddedServer
from octavo.settings import Settings, load_settings

T = TypeVar("T")


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


def run_as_system(data_dir: Path | None, work: Callable[[Context], Awaitable[T]]) -> T:
    """The CommandRunner that packages' commands receive."""
    settings = load_settings(data_dir)
    with database_url(settings) as url:
        return asyncio.run(_work_as_system(settings, url, work))


async def _work_as_system(settings: Settings, url: str, work: Callable[[Context], Awaitable[T]]) -> T:
    async with command_context(settings, url) as ctx:
        return await work(ctx)
