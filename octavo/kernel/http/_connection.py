"""A WebSocket route's life: the same questions as for a request, then the handler with its socket."""

import logging
from typing import TYPE_CHECKING

from starlette.types import Receive, Scope, Send

from octavo.kernel.http._body import parse_pairs
from octavo.kernel.http._log import mask_path
from octavo.kernel.http._parameters import path_values
from octavo.kernel.http._refused import Broken, problem_answer
from octavo.kernel.http._request import Request
from octavo.kernel.http._security import refuse_foreign_origin
from octavo.kernel.http._site import Site
from octavo.kernel.http._socket import BROKEN, POLICY, Socket
from octavo.kernel.refusals import NotFound, Refusal

if TYPE_CHECKING:
    from octavo.kernel.http._endpoint import Endpoint

log = logging.getLogger("octavo.http")
SWITCHING_PROTOCOLS = 101


async def serve_socket(
    site: Site,
    endpoint: "Endpoint | None",
    texts: tuple[str, ...],
    scope: Scope,
    receive: Receive,
    send: Send,
    request_id: str,
) -> int:
    """A refusal before the handler accepts is an ordinary HTTP answer; after that it closes the socket.

    Gives the HTTP status of the opening request.
    """
    socket = Socket(scope, receive, send, site.stopping)
    try:
        if endpoint is None:
            raise NotFound
        await _run(site, endpoint, texts, socket, request_id)
    except Refusal as refusal:
        if socket.accepted:
            socket.close(POLICY)
        else:
            return await _deny(scope, receive, send, refusal, request_id)
    except Exception:
        log.exception("socket %s failed: %s", request_id, mask_path(scope["path"]))
        if socket.accepted:
            socket.close(BROKEN)
        else:
            broken = Broken(f"Nothing you did. Tell us this: {request_id}.")
            return await _deny(scope, receive, send, broken, request_id)
    finally:
        await socket.end()
    return SWITCHING_PROTOCOLS


async def _run(site: Site, endpoint: "Endpoint", texts: tuple[str, ...], socket: Socket, request_id: str) -> None:
    request = _handshake(site, socket, request_id)
    refuse_foreign_origin(request)
    access = endpoint.route.access
    assert access is not None
    ctx = await site.identify(request) if access.identifies else site.context_of(site.anyone, request)
    access.check(ctx.actor)
    values = path_values(endpoint.plan, texts)
    if endpoint.plan.query is not None:
        values["query"] = endpoint.plan.query.read(parse_pairs(socket.scope["query_string"]))
    if endpoint.plan.headers is not None:
        values["headers"] = endpoint.plan.headers.read(request.headers.items())
    if "request" in endpoint.plan.wants:
        values["request"] = request
    await endpoint.route.handler(ctx, socket=socket, **values)


def _handshake(site: Site, socket: Socket, request_id: str) -> Request:
    """The opening request, which is a GET, for the authenticator."""
    scheme = socket.scope["scheme"].replace("ws", "http", 1)
    scope = {**socket.scope, "type": "http", "method": "GET", "scheme": scheme}

    async def nothing() -> dict[str, object]:
        return {"type": "http.disconnect"}

    return Request(scope, nothing, id=request_id, site=site)


async def _deny(scope: Scope, receive: Receive, send: Send, refusal: Refusal, request_id: str) -> int:
    await receive()  # websocket.connect
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": POLICY})
        return refusal.status
    answer = problem_answer(refusal, request_id)
    await send({"type": "websocket.http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "websocket.http.response.body", "body": answer.body})
    return refusal.status
