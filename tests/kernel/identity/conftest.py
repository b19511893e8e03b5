"""A context with cheap password hashes, and the pages and API of identity as a browser and a program meet them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import replace

import httpx
import pytest

from octavo.kernel.clock import now
from octavo.kernel.context import ANYONE, SYSTEM, Context, Engines
from octavo.kernel.http import build_app
from octavo.kernel.http.module import MODULE as HTTP
from octavo.kernel.identity import authenticate
from octavo.kernel.identity.module import MODULE as IDENTITY
from octavo.ui.render import make_renderer
from tests.kernel.identity.persons import cheap

Browser = Callable[..., httpx.AsyncClient]


@pytest.fixture
def cheap_engines(engines: Engines) -> Engines:
    return replace(engines, settings=cheap(engines.settings))


@pytest.fixture
def ctx(cheap_engines: Engines) -> Context:
    return Context(actor=SYSTEM, now=now(), engines=cheap_engines)


@pytest.fixture
async def browser(cheap_engines: Engines) -> AsyncIterator[Browser]:
    """Makes clients, each with cookies of its own, that follow no redirects and send what a browser sends."""
    modules = (HTTP, IDENTITY)
    app = build_app(
        modules,
        cheap_engines,
        render=make_renderer(modules, cheap_engines),
        authenticate=authenticate,
        context=Context,
        anyone=ANYONE,
    )
    async with AsyncExitStack() as stack:

        def a_browser(address: str = "127.0.0.1") -> httpx.AsyncClient:
            client = httpx.AsyncClient(
                transport=httpx.ASGITransport(app, client=(address, 4000)),
                base_url="https://octavo.example",
                headers={"Sec-Fetch-Site": "same-origin", "User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/140.0"},
            )
            stack.push_async_callback(client.aclose)
            return client

        yield a_browser
