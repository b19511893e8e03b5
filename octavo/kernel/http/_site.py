"""What all endpoints of one application share: the engines, and the parts that outer layers inject."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from octavo.kernel.clock import now
from octavo.kernel.http._refused import Renderer
from octavo.kernel.http._request import Request
from octavo.settings import HttpSettings

if TYPE_CHECKING:
    from octavo.kernel.context import Actor, Context, Engines

Authenticator = Callable[[Request, "Engines"], Awaitable["Actor"]]
ContextMaker = Callable[["Actor", datetime, "Engines", str, str], "Context"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`context` is the Context class and `anyone` the anonymous actor: they live above this package."""

    engines: "Engines"
    render: Renderer
    authenticate: Authenticator
    context: ContextMaker
    anyone: "Actor"
    settings: HttpSettings
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    def context_of(self, actor: "Actor", request_id: str) -> "Context":
        return self.context(actor, now(), self.engines, "en", request_id)

    async def identify(self, request: Request) -> "Context":
        return self.context_of(await self.authenticate(request, self.engines), request.id)
