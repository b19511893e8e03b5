"""What all endpoints of one application share: the engines, the parts that outer layers inject, and all routes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from octavo.kernel.clock import now
from octavo.kernel.http._document import api_document
from octavo.kernel.http._locale import preferred_locale
from octavo.kernel.http._routes import Route
from octavo.kernel.http._static import StaticFiles
from octavo.settings import HttpSettings

if TYPE_CHECKING:
    from octavo.kernel.context import Actor, Context, Engines
    from octavo.kernel.http._request import Request

Authenticator = Callable[["Request", "Engines"], Awaitable["Actor"]]
ContextMaker = Callable[["Actor", datetime, "Engines", str, str], "Context"]


class Renderer(Protocol):
    """Renders a template of any package with its data for one person."""

    def __call__(self, template: str, data: Mapping[str, Any], ctx: "Context") -> str: ...


@dataclass(frozen=True, kw_only=True)
class Site:
    """`context` is the Context class and `anyone` the anonymous actor: they live above this package."""

    engines: "Engines"
    render: Renderer
    authenticate: Authenticator
    context: ContextMaker
    anyone: "Actor"
    settings: HttpSettings
    files: StaticFiles
    process: str = "web"  # its name in the metrics, and among several
    routes: Sequence[Route] = ()
    languages: tuple[str, ...] = ("en",)  # that pages speak
    titles: Mapping[str, str] = field(default_factory=dict)  # of products, by their name
    ports: dict[str, int] = field(default_factory=dict)  # of dialects, once the server has bound them
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    @cached_property
    def document(self) -> dict[str, Any]:
        """The OpenAPI document, made when somebody first asks for it."""
        return api_document(self.routes, self.titles)

    def context_of(self, actor: "Actor", request: "Request") -> "Context":
        locale = actor.locale or preferred_locale(request.header(b"accept-language") or "", self.languages)
        return self.context(actor, now(), self.engines, locale, request.id)

    async def identify(self, request: "Request") -> "Context":
        return self.context_of(await self.authenticate(request, self.engines), request)
