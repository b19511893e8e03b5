"""Routes, routers and dialects: what a room declares about each address it answers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar, Unpack

from octavo.kernel.http._access import Access
from octavo.kernel.refusals import Refusal

if TYPE_CHECKING:
    from octavo.kernel.context import Context

Handler = Callable[..., Awaitable[Any]]
H = TypeVar("H", bound=Handler)
WEBSOCKET = "WEBSOCKET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method of one path. `path` is a template such as `/titles/{title_id}` or `/files/{rest:path}`.

    `access` may only be missing until the application is built, which refuses it by name.
    `headers` come with every answer, refusals included; and so do those that `shared_with(ctx, origin)` gives, by which
    browsers let pages of other sites read the answers. Such a route may be called from anywhere, by unsafe methods too.
    `on_invalid(ctx, **path values, errors=, values=)` gives the View that shows a page's form again.
    `returns` is the type of the answer where the handler's annotation does not say it; `refusals` are documented.
    """

    method: str
    path: str
    handler: Handler
    product: str
    access: Access | None = None
    summary: str = ""
    status: int = 200
    idempotent: bool = False
    limit: "Limit | None" = None
    body_limit: int | None = None
    on_invalid: Callable[..., Any] | None = None
    refusals: Sequence[type[Refusal]] = ()
    returns: Any = None
    documented: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    shared_with: "Callable[[Context, str], Mapping[str, str]] | None" = None

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `count` requests in `per` seconds by each user or address; limits of one name share their count.

    `by="user"` counts an anonymous visitor by address.
    """

    name: str
    count: int
    per: int
    by: Literal["user", "address"] = "user"


class RouteOptions(TypedDict, total=False):
    """What a route may declare besides its method and path; see `Route`."""

    access: Access
    summary: str
    status: int
    idempotent: bool
    limit: Limit
    body_limit: int
    on_invalid: Callable[..., Any]
    refusals: Sequence[type[Refusal]]
    returns: Any
    documented: bool
    headers: Mapping[str, str]
    shared_with: "Callable[[Context, str], Mapping[str, str]]"


@dataclass(slots=True)
class Router:
    """Collects the routes under one prefix. Paths under `/api/` speak JSON and are documented; all others are pages."""

    prefix: str
    product: str
    routes: list[Route] = field(default_factory=list)

    def route(self, method: str, path: str, **options: Unpack[RouteOptions]) -> Callable[[H], H]:
        def declare(handler: H) -> H:
            full_path = (self.prefix + path) or "/"
            self.routes.append(Route(method=method, path=full_path, handler=handler, product=self.product, **options))
            return handler

        return declare

    def get(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[H], H]:
        return self.route("GET", path, **options)

    def post(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[H], H]:
        return self.route("POST", path, **options)

    def put(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[H], H]:
        return self.route("PUT", path, **options)

    def patch(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[H], H]:
        return self.route("PATCH", path, **options)

    def delete(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[H], H]:
        return self.route("DELETE", path, **options)

    def head(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[H], H]:
        """Only where HEAD is more than GET without its body, which every GET route answers by itself."""
        return self.route("HEAD", path, **options)

    def options(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[H], H]:
        """Only where OPTIONS says more than `Allow`, which every path answers by itself."""
        return self.route("OPTIONS", path, **options)

    def websocket(self, path: str, **options: Unpack[RouteOptions]) -> Callable[[H], H]:
        return self.route(WEBSOCKET, path, **options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A foreign protocol with a port or Host of its own: its routes, and how it words a refusal.

    `render_refusal` gives the status, the headers and the body. `locate(host, path)` gives the path to look up among
    the routes, where the protocol spreads its addresses over several hosts.
    """

    name: str
    routes: Sequence[Route]
    render_refusal: Callable[[Refusal], "tuple[int, dict[str, str], bytes]"]
    locate: Callable[[str, str], str] | None = None
