"""The API as an OpenAPI 3.1 document, made from the routes themselves."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import octavo
from octavo.kernel.http import _schemas as schemas
from octavo.kernel.http._parameters import Plan, plan_route
from octavo.kernel.http._refused import Problem
from octavo.kernel.http._routes import WEBSOCKET, Route
from octavo.kernel.http._schemas import Schemas
from octavo.kernel.refusals import (
    BadRequest,
    Forbidden,
    Invalid,
    NotFound,
    Refusal,
    TooLarge,
    TooMany,
    Unauthenticated,
    UnsupportedMedia,
)

INTRODUCTION = """\
Everything the pages can do, for programs. Register or sign in at `/api/identity/v1` for a bearer token and send it as
`Authorization: Bearer ...`. Lists come in pages: pass `next` of one page as `cursor` to get the following one.
What is refused is answered as `application/problem+json` (RFC 9457), wrong fields all at once in `fields`.
Where `Idempotency-Key` is taken, a repeated request gets the first answer and does nothing twice.
"""


def api_document(routes: Sequence[Route], titles: Mapping[str, str]) -> dict[str, Any]:
    """`titles` names the products, which become the tags."""
    shown = [(route, plan_route(route)) for route in routes if _is_shown(route)]
    known = Schemas([kind for route, plan in shown for kind in schemas.types_of(route, plan)] + [Problem])
    paths: dict[str, dict[str, Any]] = {}
    names: set[str] = set()
    for route, plan in shown:
        path = re.sub(r":path}", "}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = {
            "operationId": _operation_id(route, names),
            **_operation(route, plan, known),
        }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Octavo", "version": octavo.__version__, "description": INTRODUCTION},
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": titles.get(name, name)} for name in _tags(shown)],
        "paths": paths,
        "components": {
            "schemas": known.components,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "A token of `POST .../sessions`."},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "octavo_session", "description": "Set by pages."},
            },
        },
    }


def _is_shown(route: Route) -> bool:
    return route.is_api and route.documented and route.method != WEBSOCKET


def _tags(shown: Sequence[tuple[Route, Plan]]) -> list[str]:
    return list(dict.fromkeys(route.product for route, _ in shown))


def _operation_id(route: Route, taken: set[str]) -> str:
    """`video.show_title`; where two functions have one name, the method and path tell them apart."""
    name = f"{route.product}.{route.handler.__name__}"
    if name in taken:
        name += "." + re.sub(r"\W+", "_", route.name.lower()).strip("_")
    taken.add(name)
    return name


def _operation(route: Route, plan: Plan, known: Schemas) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "tags": [route.product],
        "summary": route.summary or route.handler.__name__.replace("_", " ").capitalize(),
        "parameters": schemas.parameters(route, plan, known),
        "responses": {**schemas.success(route, plan, known), **_problems(route, plan, known)},
        "security": _security(route),
        "x-access": route.access.name if route.access is not None else "",
    }
    description = (route.handler.__doc__ or "").strip()
    if description:
        operation["description"] = description
    body = schemas.request_body(plan, known)
    if body is not None:
        operation["requestBody"] = body
    return operation


def _security(route: Route) -> list[dict[str, list[str]]]:
    """An empty requirement means that a session is welcome and not needed."""
    needed: list[dict[str, list[str]]] = [{"bearer": []}, {"cookie": []}]
    if route.access is None or not route.access.identifies:
        return []
    return [{}, *needed] if route.access.name == "public" else needed


def _problems(route: Route, plan: Plan, known: Schemas) -> dict[str, Any]:
    """One response per status, naming every refusal that has it."""
    found: dict[int, list[str]] = {}
    for refusal in _refusals(route, plan):
        titles = found.setdefault(refusal.status, [])
        if refusal.title not in titles:
            titles.append(refusal.title)
    content = {"application/problem+json": {"schema": known.of(Problem)}}
    problems = {
        str(status): {"description": "; or ".join(titles), "content": content}
        for status, titles in sorted(found.items())
    }
    return {**problems, "default": {"description": "Any other refusal", "content": content}}


def _refusals(route: Route, plan: Plan) -> list[type[Refusal]]:
    found: list[type[Refusal]] = [BadRequest, *route.refusals]
    if route.access is not None and route.access.identifies and route.access.name != "public":
        found += [Unauthenticated, Forbidden]
    if plan.path:
        found.append(NotFound)
    if plan.query or plan.headers or plan.body or plan.form or route.idempotent:
        found.append(Invalid)
    if plan.reads_body:
        found += [TooLarge, UnsupportedMedia]
    if route.limit is not None:
        found.append(TooMany)
    return found
