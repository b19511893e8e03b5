"""What a handler asks for, read from its signature once at start-up, and gathered for each request."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, get_type_hints
from uuid import UUID

import msgspec

from octavo.kernel.http._body import BodyStream, content_type, parse_pairs
from octavo.kernel.http._fields import FieldReader
from octavo.kernel.http._json import JsonReader
from octavo.kernel.http._multipart import MultipartParts
from octavo.kernel.http._request import Request
from octavo.kernel.http._routes import WEBSOCKET, Handler, Route
from octavo.kernel.http._tree import variable_names
from octavo.kernel.http._wording import bare, parse_uuid
from octavo.kernel.refusals import NotFound, UnsupportedMedia

_STREAMS = ("stream", "parts")
_BODIES = ("body", "form", *_STREAMS)
_KNOWN = frozenset({"query", "headers", "request", "socket", *_BODIES})
FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")


class HandlerUnclear(Exception):
    """A handler's signature does not fit its route; the message names both."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything `gather` needs, worked out once. `hints` are the resolved annotations, for the API document."""

    path: tuple[tuple[str, Callable[[str], Any] | None], ...]
    query: FieldReader[Any] | None
    headers: FieldReader[Any] | None
    body: JsonReader | None
    form: FieldReader[Any] | None
    wants: frozenset[str]
    hints: dict[str, Any]

    @property
    def streams(self) -> bool:
        return not self.wants.isdisjoint(_STREAMS)

    @property
    def reads_body(self) -> bool:
        return not self.wants.isdisjoint(_BODIES)


def plan_route(route: Route) -> Plan:
    """Raises HandlerUnclear where a parameter is unknown, untyped or missing."""
    return _planned(route.handler, route.method, route.path, idempotent=route.idempotent)


@cache  # the API's document asks again, and so does every application that a process builds
def _planned(handler: Handler, method: str, path: str, *, idempotent: bool) -> Plan:
    names = list(inspect.signature(handler).parameters)
    where = f"{method} {path} ({handler.__module__}.{handler.__qualname__})"
    if not names or names[0] != "ctx":
        raise HandlerUnclear(f"{where}: the first parameter must be ctx")
    variables = variable_names(path)
    hints = _resolve_hints(handler, where)
    wants = set(names[1:])
    if unknown := wants - _KNOWN - set(variables):
        raise HandlerUnclear(f"{where}: no such parameter here: {', '.join(sorted(unknown))}")
    if missing := set(variables) - wants:
        raise HandlerUnclear(f"{where}: takes no {', '.join(sorted(missing))} from its path")
    if len(wants.intersection(_BODIES)) > 1:
        raise HandlerUnclear(f"{where}: takes one of body, form, stream and parts")
    if idempotent and wants.intersection(_STREAMS):
        raise HandlerUnclear(f"{where}: what streams cannot be told from its repetition")
    if ("socket" in wants) != (method == WEBSOCKET):
        raise HandlerUnclear(f"{where}: socket belongs to WebSocket routes, and to nothing else")
    if untyped := wants - hints.keys():
        raise HandlerUnclear(f"{where}: no type given for {', '.join(sorted(untyped))}")
    return Plan(
        path=tuple((name, _path_converter(hints[name])) for name in variables),
        query=FieldReader(hints["query"]) if "query" in wants else None,
        headers=FieldReader(hints["headers"], name=_header_name) if "headers" in wants else None,
        body=JsonReader(hints["body"]) if "body" in wants else None,
        form=FieldReader(hints["form"]) if "form" in wants else None,
        wants=frozenset(wants),
        hints=hints,
    )


def path_values(plan: Plan, texts: tuple[str, ...]) -> dict[str, Any]:
    """The path's variables as their types. Raises NotFound: what cannot be an id names nothing."""
    values: dict[str, Any] = {}
    for (name, convert), text in zip(plan.path, texts, strict=True):
        try:
            if "\x00" in text:
                raise ValueError
            values[name] = text if convert is None else convert(text)
        except ValueError as error:
            raise NotFound from error
    return values


async def gather(plan: Plan, request: Request, values: dict[str, Any], limit: int | None) -> dict[str, Any]:
    """Adds to `values` what the handler asks for besides the path. Raises the refusal that fits what is wrong."""
    wants = plan.wants
    if plan.query is not None:
        values["query"] = plan.query.read(parse_pairs(request.scope["query_string"]))
    if plan.headers is not None:
        values["headers"] = plan.headers.read(request.headers.items())
    if plan.body is not None:
        _check_type(request, ("application/json",))
        values["body"] = plan.body.read(await BodyStream(request.scope, request.receive, limit).read())
    elif plan.form is not None:
        values["form"] = plan.form.read(await read_form(request, limit))
    elif "stream" in wants:
        values["stream"] = BodyStream(request.scope, request.receive, limit)
    elif "parts" in wants:
        _check_type(request, FORM_TYPES[1:])
        stream = BodyStream(request.scope, request.receive, limit)
        values["parts"] = MultipartParts(stream, content_type(request.scope)[1])
    if "request" in wants:
        values["request"] = request
    return values


async def read_form(request: Request, limit: int | None) -> list[tuple[str, str]]:
    """The text fields of a form in either encoding; kept with the request, because a form may be shown again."""
    kept: list[tuple[str, str]] | None = request.scope.get("octavo.form")
    if kept is not None:
        return kept
    kind = _check_type(request, FORM_TYPES)
    stream = BodyStream(request.scope, request.receive, limit)
    if kind == FORM_TYPES[0]:
        pairs = parse_pairs(await stream.read())
    else:
        parts = MultipartParts(stream, content_type(request.scope)[1])
        pairs = [(part.name, await part.text()) async for part in parts if part.filename is None]
    request.scope["octavo.form"] = pairs
    return pairs


def _check_type(request: Request, accepted: tuple[str, ...]) -> str:
    kind, _ = content_type(request.scope)
    if kind not in accepted:
        raise UnsupportedMedia(f"Send this as {' or '.join(accepted)}.")
    return kind


def _resolve_hints(handler: Callable[..., Any], where: str) -> dict[str, Any]:
    """The annotations as types; that of ctx is left out, because kernel packages import it for type checking only."""

    class Unresolved:
        __annotations__ = {name: hint for name, hint in handler.__annotations__.items() if name != "ctx"}

    try:
        return get_type_hints(Unresolved, globalns=handler.__globals__, include_extras=True)
    except NameError as error:
        raise HandlerUnclear(f"{where}: {error}") from error


def _path_converter(kind: Any) -> Callable[[str], Any] | None:
    plain = bare(kind)
    if plain is str and plain is kind:
        return None
    if plain is UUID:
        return parse_uuid
    # msgspec's ValidationError is a ValueError, so any other type reads like these two.
    return lambda text: msgspec.convert(text, kind, strict=False)


def _header_name(field: str) -> str:
    return field.replace("_", "-").lower()
