"""The request as handlers and the authenticator see it, and the addresses it came from and by."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.requests import Request as StarletteRequest
from starlette.types import Message, Receive, Scope

if TYPE_CHECKING:
    from octavo.kernel.http._site import Site


class Request(StarletteRequest[Any]):
    """Starlette's request with what Octavo adds: an id, a bearer token, and the address people typed."""

    def __init__(self, scope: Scope, receive: Receive, *, id: str, site: "Site") -> None:
        super().__init__(scope, receive)
        self.id = id
        self.site = site

    def header(self, name: bytes) -> str | None:
        """One header by its name in lower case. `headers` does the same, at ten times the cost where there is none."""
        for key, value in self.scope["headers"]:
            if key == name:
                return str(value, "latin-1")
        return None

    def replay(self, body: bytes) -> None:
        """Lets the body that was read already be read once more."""
        earlier = self._receive
        pending = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Message:
            return pending.pop() if pending else await earlier()

        self._receive = receive

    @property
    def path(self) -> str:
        return str(self.scope["path"])

    @property
    def address(self) -> str:
        """The client's address, through trusted proxies."""
        client = self.scope.get("client")
        return client[0] if client else ""

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def public_url(self) -> str:
        """Scheme and host as people type them, without a path: the setting, or this request's own."""
        return self.site.settings.public_url or f"{self.scope['scheme']}://{self.host}"

    def dialect_url(self, name: str) -> str:
        """Where a dialect answers for whoever sent this; this address itself where it has no port of its own."""
        url, port = urlsplit(self.public_url), self.site.ports.get(name)
        return f"{url.scheme}://{url.hostname}:{port}" if port else self.public_url

    @property
    def host(self) -> str:
        return self.header(b"host") or "localhost"

    @property
    def bearer_token(self) -> str | None:
        scheme, _, token = (self.header(b"authorization") or "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" and token else None

    @property
    def last_event_id(self) -> str:
        """Where an event stream broke off; empty on the first connection."""
        return self.headers.get("last-event-id", "")
