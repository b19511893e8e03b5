"""The life of one request on one route: who asks, may they, what do they ask for, the handler, the answer."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from starlette.responses import Response

from octavo.kernel.http._answers import Answer, Bytes, EventStream, FileRange, Redirect, View
from octavo.kernel.http._body import BodyStream
from octavo.kernel.http._exchange import Exchange
from octavo.kernel.http._files import send_file
from octavo.kernel.http._idempotency import Repetition, forget_attempt, remember_answer, start_attempt
from octavo.kernel.http._limits import count_request
from octavo.kernel.http._parameters import Plan, gather, path_values, plan_route, read_form
from octavo.kernel.http._prepared import (
    Headers,
    Prepared,
    bytes_answer,
    empty_answer,
    encode_cookie,
    encode_headers,
    html_answer,
    json_answer,
    redirect_answer,
    replace_headers,
    send_prepared,
)
from octavo.kernel.http._request import Request
from octavo.kernel.http._routes import Route
from octavo.kernel.http._security import SAFE_METHODS, refuse_cross_site
from octavo.kernel.http._site import Site
from octavo.kernel.http._stream import send_events
from octavo.kernel.refusals import Invalid, Refusal, Unauthenticated

if TYPE_CHECKING:
    from octavo.kernel.context import Context


class Endpoint:
    """One route of a running application. `answer` raises the refusals; the application renders them."""

    def __init__(self, route: Route, site: Site, headers: tuple[tuple[bytes, bytes], ...], *, is_page: bool) -> None:
        self.route = route
        self.plan: Plan = plan_route(route)
        self._site = site
        self._is_page = is_page
        merged = list(headers)
        replace_headers(merged, encode_headers(route.headers))
        self._headers = tuple(merged)
        self._unsafe = route.method not in SAFE_METHODS
        self._body_limit = _body_limit(route, self.plan, site.settings.body_limit)
        self._limit = route.limit if site.settings.rate_limits else None
        assert route.access is not None
        self._access = route.access

    async def answer(self, exchange: Exchange, request: Request, texts: tuple[str, ...]) -> None:
        exchange.base_headers = self._headers
        if self._access.identifies:
            exchange.ctx = ctx = await self._site.identify(request)
        else:
            exchange.ctx = ctx = self._site.context_of(self._site.anyone, request)
        if self.route.shared_with is not None:
            merged = list(self._headers)
            origin = request.header(b"origin") or ""
            replace_headers(merged, encode_headers(self.route.shared_with(ctx, origin)))
            exchange.base_headers = tuple(merged)
        try:
            self._access.check(ctx.actor)
        except Unauthenticated:
            if not self._is_page:
                raise
            await send_prepared(exchange, _to_sign_in(request))
            return
        if self._unsafe and self.route.shared_with is None:
            refuse_cross_site(request)
        if self._limit is not None:
            exchange.base_headers += await count_request(self._limit, ctx, request.address)
        values = path_values(self.plan, texts)
        if self.route.idempotent and exchange.header(b"idempotency-key"):
            await self._answer_once(exchange, request, ctx, values)
        else:
            await self._send(exchange, request, ctx, await self._call(ctx, request, values))

    async def _call(self, ctx: "Context", request: Request, values: dict[str, Any]) -> Any:
        if self.route.on_invalid is None:
            return await self.route.handler(ctx, **await gather(self.plan, request, values, self._body_limit))
        path = dict(values)
        try:
            return await self.route.handler(ctx, **await gather(self.plan, request, values, self._body_limit))
        except Refusal as refusal:
            if not refusal.fields and not isinstance(refusal, Invalid):
                raise
            return await self._form_again(ctx, request, path, refusal)

    async def _form_again(self, ctx: "Context", request: Request, path: dict[str, Any], refusal: Refusal) -> Answer:
        """The page's form with what the person typed, and what is wrong with it."""
        assert self.route.on_invalid is not None
        errors = dict(refusal.fields) or {"": refusal.detail}
        values = dict(await read_form(request, self._body_limit)) if self.plan.form is not None else {}
        view = self.route.on_invalid(ctx, **path, errors=errors, values=values)
        if hasattr(view, "__await__"):
            view = await view
        return Answer(view, status=refusal.status)

    async def _answer_once(self, exchange: Exchange, request: Request, ctx: "Context", values: dict[str, Any]) -> None:
        """With an Idempotency-Key: the first answer is kept, and given again to whoever repeats the request."""
        body = await BodyStream(request.scope, request.receive, self._body_limit).read()
        request.replay(body)
        repetition = Repetition.of(request, ctx, exchange.header(b"idempotency-key"), body)
        earlier = await start_attempt(ctx, repetition)
        if earlier is not None:
            earlier.headers.append((b"idempotency-replayed", b"true"))
            await send_prepared(exchange, earlier)
            return
        try:
            value = await self._call(ctx, request, values)
            answer = self._prepare(value, request, ctx)
        except Refusal as refusal:
            if refusal.status < 500:
                await forget_attempt(ctx, repetition)
            raise
        await remember_answer(ctx, repetition, answer)
        await send_prepared(exchange, answer)

    async def _send(self, exchange: Exchange, request: Request, ctx: "Context", value: Any) -> None:
        headers: dict[str, str] = {}
        inner = value
        if isinstance(value, Answer):
            inner, headers = value.value, dict(value.headers)
        if isinstance(inner, FileRange):
            if inner.same_for and inner is value and self._limit is None:
                exchange.repeatable = inner
            await send_file(exchange, replace(inner, headers={**inner.headers, **headers}) if headers else inner)
        elif isinstance(inner, EventStream):
            stream = replace(inner, headers={**inner.headers, **headers})
            settings = self._site.settings
            await send_events(exchange, stream, stopping=self._site.stopping, heartbeat=settings.heartbeat)
        elif isinstance(inner, Response):
            await inner(request.scope, request.receive, exchange.forward)
        else:
            await send_prepared(exchange, self._prepare(value, request, ctx))

    def _prepare(self, value: Any, request: Request, ctx: "Context") -> Prepared:
        if not isinstance(value, Answer):
            return self._prepare_plain(value, self.route.status, request, ctx)
        answer = self._prepare_plain(value.value, value.status or self.route.status, request, ctx)
        if value.status is not None:
            answer.status = value.status
        extra: Headers = encode_headers(value.headers)
        extra += [encode_cookie(cookie, secure=request.secure) for cookie in value.cookies]
        replace_headers(answer.headers, extra)
        return answer

    def _prepare_plain(self, value: Any, status: int, request: Request, ctx: "Context") -> Prepared:
        if isinstance(value, View):
            data = {"path": request.path, **value.data}
            page = html_answer(self._site.render(value.template, data, ctx), value.status)
            replace_headers(page.headers, encode_headers(value.headers))
            return page
        if value is None:
            return empty_answer(204 if status == 200 else status)
        if isinstance(value, Redirect):
            return redirect_answer(value)
        if isinstance(value, Bytes):
            return bytes_answer(value, status)
        return json_answer(value, status)


def _body_limit(route: Route, plan: Plan, usual: int) -> int | None:
    """Streams are for what does not fit in memory, so they have no limit unless the route sets one (0 is none)."""
    if route.body_limit is not None:
        return route.body_limit or None
    return None if plan.streams else usual


def _to_sign_in(request: Request) -> Prepared:
    """After signing in, a person lands where they were going, or on the page whose form they sent."""
    if request.method == "GET":
        # As it was asked for: a decoded %2F or %3F would be another page.
        raw: bytes = request.scope.get("raw_path") or quote(request.path).encode()
        target = raw.decode("latin-1")
        query = request.scope["query_string"].decode("latin-1")
        target += f"?{query}" if query else ""
    else:
        referer = urlsplit(request.headers.get("referer", ""))
        target = "/"
        if referer.netloc == request.host and referer.path:
            target = referer._replace(scheme="", netloc="", fragment="").geturl()
    return redirect_answer(Redirect(f"/sign-in?next={quote(target, safe='/')}"))
