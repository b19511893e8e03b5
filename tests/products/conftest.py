"""For the pages of all products: a web application over the test's engines, and people who use it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from itertools import count

import httpx
import pytest

from octavo import app
from octavo.kernel.context import Actor, Context, Engines
from octavo.kernel.identity import create_user, open_session

ADDRESS = "http://octavo.test"


@dataclass(frozen=True)
class Visitor:
    """Someone with an HTTP client of their own, signed in or not."""

    actor: Actor
    http: httpx.AsyncClient


Enter = Callable[..., Awaitable[Visitor]]


@pytest.fixture
async def anyone(engines: Engines) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=app.web_application(engines))
    async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as client:
        yield client


@pytest.fixture
async def enter(ctx: Context, engines: Engines) -> AsyncIterator[Enter]:
    """`await enter("moderator")` makes a person with those roles and signs them in."""
    clients: list[httpx.AsyncClient] = []
    numbers = count(1)
    transport = httpx.ASGITransport(app=app.web_application(engines))

    async def enter_as(*roles: str) -> Visitor:
        n = next(numbers)
        user = await create_user(
            ctx,
            name=f"Nadia Okafor {n}",
            email=f"nadia{n}@example.org",
            username=f"nadia{n}",
            password="a long walk by the sea",
            roles=("user", *roles),
        )
        session = await open_session(ctx, user.id)
        client = httpx.AsyncClient(
            transport=transport, base_url=ADDRESS, headers={"Authorization": f"Bearer {session.token}"}
        )
        clients.append(client)
        return Visitor(Actor(user_id=user.id, name=user.name, roles=frozenset(user.roles)), client)

    yield enter_as
    for client in clients:
        await client.aclose()
