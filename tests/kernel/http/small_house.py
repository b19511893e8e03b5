"""A house of one module for the tests of kernel.http: given routes, real engines, plain pages, sign-in by header."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import httpx
import msgspec

from octavo.kernel.context import ANYONE, Actor, Context, Engines
from octavo.kernel.http import Application, Dialect, Request, Route, build_app
from octavo.kernel.http.module import MODULE as HTTP
from octavo.kernel.module import Module
from octavo.settings import HttpSettings

ADA = UUID("0190b5d2-0000-7000-8000-00000000ada0")


async def authenticate(request: Request, engines: Engines) -> Actor:
    """`Authorization: Bearer ada moderator` is Ada as a moderator; so is the cookie `who=ada moderator`."""
    words = (request.bearer_token or request.cookies.get("who", "")).split()
    return Actor(user_id=ADA, name="Ada", roles=frozenset(words[1:])) if words else ANYONE


def render(template: str, data: Mapping[str, Any], ctx: Context) -> str:
    """The template's name and its data as text, so that tests can look into pages."""
    return f"<p>{template}</p><code>{json.dumps(data, default=str)}</code>"


def with_settings(engines: Engines, **http: Any) -> Engines:
    settings = msgspec.structs.replace(engines.settings, http=HttpSettings(**http))
    return Engines(settings=settings, db=engines.db, blobs=engines.blobs, cache=engines.cache, signals=engines.signals)


def house(
    engines: Engines, routes: Sequence[Route], *, dialects: Sequence[Dialect] = (), **options: Any
) -> Application:
    modules = [HTTP, Module(name="test", routes=routes, dialects=dialects)]
    options.setdefault("environ", {})
    return build_app(
        modules, engines, render=render, authenticate=authenticate, context=Context, anyone=ANYONE, **options
    )


@asynccontextmanager
async def visiting(app: Application, **headers: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client that talks to the application in this process."""
    transport = httpx.ASGITransport(app=app, client=("192.0.2.7", 4711))
    async with httpx.AsyncClient(transport=transport, base_url="http://octavo.test", headers=headers) as client:
        yield client


@asynccontextmanager
async def house_of(engines: Engines, *routes: Route, **options: Any) -> AsyncIterator[httpx.AsyncClient]:
    async with visiting(house(engines, routes, **options)) as client:
        yield client
