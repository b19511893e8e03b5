"""The web server of `octavo serve`, in the test's own event loop and over its own engines."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from octavo.kernel.context import Engines


@dataclass(frozen=True)
class AppServer:
    """Talk to it with an asynchronous client, or from `asyncio.to_thread`: it shares the test's event loop.

    `dialects` has the address of each dialect by its name.
    """

    url: str
    engines: Engines
    dialects: dict[str, str] = field(default_factory=dict)


@asynccontextmanager
async def served(engines: Engines) -> AsyncIterator[AppServer]:
    """Everything that the web process serves, on free ports, over these engines."""
    from octavo.app import DIALECTS, web_application
    from octavo.kernel.http import serve

    listening = {name: socket.create_server(("127.0.0.1", 0)) for name in ("web", *DIALECTS)}
    ready, stopping = asyncio.Event(), asyncio.Event()
    serving = asyncio.create_task(
        serve(web_application(engines), listening, engines, on_ready=ready.set, stopping=stopping)
    )
    first, _ = await asyncio.wait(
        [serving, asyncio.create_task(ready.wait())], timeout=60, return_when=asyncio.FIRST_COMPLETED
    )
    if serving in first:
        serving.result()
    urls = {name: f"http://127.0.0.1:{bound.getsockname()[1]}" for name, bound in listening.items()}
    yield AppServer(urls.pop("web"), engines, urls)
    stopping.set()
    await serving
