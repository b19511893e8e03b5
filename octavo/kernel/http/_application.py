"""The application: finds the route, renders what was refused, and writes down what happened."""

import logging
from collections.abc import Mapping
from time import perf_counter
from uuid import UUID

from starlette.types import Receive, Scope, Send

from octavo.kernel.http._at_once import PartAtOnce
from octavo.kernel.http._body import ClientGone
from octavo.kernel.http._connection import serve_socket
from octavo.kernel.http._exchange import Exchange, Headers
from octavo.kernel.http._files import send_file
from octavo.kernel.http._forwarded import TrustedProxies
from octavo.kernel.http._log import AccessLog, mask_path
from octavo.kernel.http._metrics import requests
from octavo.kernel.http._mount import Endpoints, Mount, host_of
from octavo.kernel.http._prepared import Prepared, send_prepared
from octavo.kernel.http._refused import Broken, MethodNotAllowed, page_answer, problem_answer
from octavo.kernel.http._repeated import Repeatable, RepeatedFiles
from octavo.kernel.http._request import Request
from octavo.kernel.http._routes import WEBSOCKET
from octavo.kernel.http._scope import Address
from octavo.kernel.http._site import Site
from octavo.kernel.http._tree import Found
from octavo.kernel.ids import new_request_id
from octavo.kernel.refusals import NotFound, Refusal

log = logging.getLogger("octavo.http")
CLIENT_GONE = 499  # nginx's number for it; nobody receives it


class Application:
    """The ASGI application. `stop` ends event streams and sockets; `mount_ports` gives dialects their own ports."""

    def __init__(
        self,
        site: Site,
        main: Mount,
        dialects: Mapping[str, Mount],
        *,
        hosts: Mapping[str, str],
    ) -> None:
        self.site = site
        self._main = main
        self._dialects = dialects
        self._by_host = {host.lower(): dialects[name] for name, host in hosts.items()}
        self._by_port: dict[int, Mount] = {}
        self._proxies = TrustedProxies(site.settings.trusted_proxies)
        self._log = AccessLog() if site.settings.access_log else None

    def mount_ports(self, ports: Mapping[str, int]) -> None:
        self.site.ports.update({name: port for name, port in ports.items() if name in self._dialects})
        self._by_port = {port: self._dialects[name] for name, port in self.site.ports.items()}

    def stop(self) -> None:
        self.site.stopping.set()

    def close(self) -> None:
        """Lets go of its files, and writes the last lines of the access log."""
        for mount in {self._main, *self._dialects.values()}:
            mount.repeated.close()
        if self._log is not None:
            self._log.flush()

    def repeated_files(self, server: Address, headers: Headers) -> RepeatedFiles | None:
        """For the connection: what may be given again to a request with `headers`, if its address is known."""
        if self._proxies:  # they say in headers who asks and for what
            return None
        return self._mount_at(server, headers).repeated

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._connect(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        request_id = self._proxies.apply(scope) or new_request_id()
        exchange = Exchange(scope, receive, send, request_id)
        mount = self._mount_of(scope)
        if (known := mount.repeated.find(scope)) is not None and await self._repeat(exchange, known, started):
            return
        request = Request(scope, receive, id=request_id, site=self.site)
        found = mount.find(scope)
        requests.open += 1
        try:
            await self._respond(exchange, request, mount, found)
        except ClientGone:
            exchange.status = CLIENT_GONE
        finally:
            requests.open -= 1
            route = _route_name(exchange, found)
            self._record(exchange, route, mask_path(request.path), perf_counter() - started)
            if exchange.repeatable is not None:
                mount.repeated.keep(exchange, exchange.repeatable, route)

    async def _repeat(self, exchange: Exchange, known: Repeatable, started: float) -> bool:
        """Whether the file could be given once more: where it is gone, its handler knows what to say."""
        exchange.base_headers = known.base_headers
        requests.open += 1
        try:
            await send_file(exchange, known.answer)
        except NotFound:
            return False
        except ClientGone:
            exchange.status = CLIENT_GONE
        finally:
            requests.open -= 1
        self._record(exchange, known.route, known.path, perf_counter() - started)
        return True

    async def _respond(
        self, exchange: Exchange, request: Request, mount: Mount, found: Found[Endpoints] | None
    ) -> None:
        try:
            if found is None:
                raise NotFound(f"There is nothing at {request.path}.")
            endpoint = found.leaf.get(exchange.method)
            if endpoint is None:
                await self._other_method(exchange, request, found)
            else:
                await endpoint.answer(exchange, request, found.values)
        except ClientGone:
            raise
        except Refusal as refusal:
            await self._refuse(exchange, request, mount, refusal)
        except Exception:
            log.exception("request %s failed: %s %s", request.id, request.method, mask_path(request.path))
            if exchange.started:
                raise
            await self._refuse(exchange, request, mount, Broken(f"Nothing you did. Tell us this: {request.id}."))

    async def _other_method(self, exchange: Exchange, request: Request, found: Found[Endpoints]) -> None:
        methods = found.leaf
        allow = ", ".join(sorted({*methods, "OPTIONS", *(["HEAD"] if "GET" in methods else [])} - {WEBSOCKET}))
        if exchange.method == "HEAD" and "GET" in methods:
            await methods["GET"].answer(exchange, request, found.values)
        elif exchange.method == "OPTIONS":
            await send_prepared(exchange, Prepared(204, [(b"allow", allow.encode())], b""))
        else:
            raise MethodNotAllowed(allow)

    async def _refuse(self, exchange: Exchange, request: Request, mount: Mount, refusal: Refusal) -> None:
        if exchange.started:
            raise refusal  # too late for another answer: the connection breaks, and the client sees that
        exchange.base_headers = exchange.base_headers or mount.headers_for(request.path)
        await send_prepared(exchange, await self._rendered(exchange, request, mount, refusal))

    async def _rendered(self, exchange: Exchange, request: Request, mount: Mount, refusal: Refusal) -> Prepared:
        if mount.dialect is not None:
            status, headers, body = mount.dialect.render_refusal(refusal)
            return Prepared(status, [(k.lower().encode(), v.encode()) for k, v in headers.items()], body)
        if mount.is_for_programs(request.path) or _prefers_json(exchange.header(b"accept")):
            return problem_answer(refusal, request.id)
        ctx = exchange.ctx
        if ctx is None:
            try:
                ctx = await self.site.identify(request)
            except Exception:
                ctx = self.site.context_of(self.site.anyone, request)
        return page_answer(refusal, request, ctx)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = perf_counter()
        request_id = self._proxies.apply(scope) or new_request_id()
        found = self._mount_of(scope).find(scope)
        endpoint = found.leaf.get(WEBSOCKET) if found is not None else None
        texts = found.values if found is not None else ()
        status = await serve_socket(self.site, endpoint, texts, scope, receive, send, request_id)
        if self._log is not None:
            seconds = perf_counter() - started
            path = mask_path(scope["path"])
            self._log.write(id=request_id, method=WEBSOCKET, path=path, status=status, ms=round(seconds * 1000, 2))

    def _mount_of(self, scope: Scope) -> Mount:
        return self._mount_at(scope.get("server"), scope["headers"])

    def _mount_at(self, server: Address, headers: Headers) -> Mount:
        if self._by_port and server and server[1] in self._by_port:
            return self._by_port[server[1]]
        if self._by_host:
            host = host_of(headers)
            while host:  # a dialect of `example.org` answers for `api.example.org` too
                if (mount := self._by_host.get(host)) is not None:
                    return mount
                host = host.partition(".")[2]
        return self._main

    def _record(self, exchange: Exchange, route: str, path: str, seconds: float) -> None:
        user = exchange.ctx.actor.user_id if exchange.ctx is not None else None
        self._write_down(
            exchange.request_id, exchange.method, route, path, exchange.status, exchange.size, seconds, user
        )

    def record_part(self, part: PartAtOnce, *, sent: bool) -> None:
        status, size = (206, part.end - part.start) if sent else (CLIENT_GONE, 0)
        seconds = perf_counter() - part.started
        self._write_down(part.request_id, "GET", part.known.route, part.known.path, status, size, seconds, None)

    def _write_down(
        self, id: str, method: str, route: str, path: str, status: int, size: int, seconds: float, user: UUID | None
    ) -> None:
        requests.observe(route, status, seconds)
        if self._log is not None:
            ms = round(seconds * 1000, 2)
            self._log.write(id=id, method=method, path=path, status=status, bytes=size, ms=ms, user=user, route=route)


def _route_name(exchange: Exchange, found: Found[Endpoints] | None) -> str:
    endpoint = (found.leaf.get(exchange.method) or found.leaf.get("GET")) if found is not None else None
    return endpoint.route.name if endpoint is not None else "none"


def _prefers_json(accept: bytes) -> bool:
    return b"json" in accept and b"text/html" not in accept
