"""The routes that answer on one port or Host: Octavo's own, or those of one dialect."""

from collections.abc import Iterable, Sequence

from starlette.types import Scope

from octavo.kernel.http._endpoint import Endpoint
from octavo.kernel.http._repeated import RepeatedFiles
from octavo.kernel.http._routes import Dialect, Route
from octavo.kernel.http._security import base_headers
from octavo.kernel.http._site import Site
from octavo.kernel.http._tree import Found, PathTree

Endpoints = dict[str, Endpoint]
READ_BY_PROGRAMS = frozenset({"/healthz", "/readyz", "/metrics", "/openapi.json"})


class RouteTwice(Exception):
    """Two packages answer the same method of the same path."""


class Mount:
    """Raises RouteTwice, BadTemplate or HandlerUnclear where a route cannot be served."""

    def __init__(self, routes: Sequence[Route], site: Site, dialect: Dialect | None = None) -> None:
        self.dialect = dialect
        self.repeated = RepeatedFiles()
        https = site.settings.public_url.startswith("https://")
        self._page_headers = base_headers(api=False, https=https)
        self._api_headers = base_headers(api=True, https=https)
        self._tree: PathTree[Endpoints] = PathTree()
        for path, methods in _by_path(routes).items():
            endpoints = {method: self._endpoint(route, site) for method, route in methods.items()}
            self._tree.add(path, endpoints)

    def find(self, scope: Scope) -> Found[Endpoints] | None:
        path: str = scope["path"]
        if self.dialect is not None and self.dialect.locate is not None:
            path = self.dialect.locate(host_of(scope["headers"]), path)
        return self._tree.find(path)

    def is_for_programs(self, path: str) -> bool:
        return self.dialect is not None or path.startswith("/api/") or path in READ_BY_PROGRAMS

    def headers_for(self, path: str) -> tuple[tuple[bytes, bytes], ...]:
        return self._api_headers if self.is_for_programs(path) else self._page_headers

    def _endpoint(self, route: Route, site: Site) -> Endpoint:
        return Endpoint(route, site, self.headers_for(route.path), is_page=not self.is_for_programs(route.path))


def host_of(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The host that the client asked for, in lower case and without its port; empty where it named none."""
    for name, value in headers:
        if name == b"host":
            text: str = value.decode("latin-1").lower()
            return text.partition("]")[0] + "]" if text.startswith("[") else text.partition(":")[0]
    return ""


def _by_path(routes: Sequence[Route]) -> dict[str, dict[str, Route]]:
    paths: dict[str, dict[str, Route]] = {}
    for route in routes:
        methods = paths.setdefault(route.path, {})
        if route.method in methods:
            raise RouteTwice(route.name)
        methods[route.method] = route
    return paths
