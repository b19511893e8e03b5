"""JSON schemas of what routes take and give, for the OpenAPI document."""

from collections.abc import Iterator, Sequence
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import msgspec
from starlette.responses import Response

from octavo.kernel.http._answers import Answer, Bytes, EventStream, FileRange, Redirect, View
from octavo.kernel.http._fields import FieldReader
from octavo.kernel.http._parameters import FORM_TYPES, Plan
from octavo.kernel.http._routes import Route

# Answers that are no JSON by nature; `returns=` on the route says what an Answer holds.
_RAW = (Answer, Bytes, EventStream, FileRange, Redirect, Response, View)
_REF = "#/components/schemas/{name}"


class Schemas:
    """The schemas of all types of the document at once, so that equal names are told apart."""

    def __init__(self, kinds: Sequence[Any]) -> None:
        unique = list({_key(kind): kind for kind in kinds}.values())
        found, self.components = msgspec.json.schema_components(unique, ref_template=_REF)
        self._schemas = {_key(kind): schema for kind, schema in zip(unique, found, strict=True)}

    def of(self, kind: Any) -> dict[str, Any]:
        return self._schemas[_key(kind)]


def types_of(route: Route, plan: Plan) -> Iterator[Any]:
    """Every type that the route's description refers to."""
    yield from (plan.hints[name] for name, _ in plan.path)
    for reader in (plan.query, plan.headers):
        if reader is not None:
            yield from (field.type for field in msgspec.structs.fields(reader.struct))
    if plan.body is not None:
        yield plan.body.kind
    if plan.form is not None:
        yield plan.form.struct
    returned = _returned(route, plan)
    if returned is not None:
        yield returned


def parameters(route: Route, plan: Plan, known: Schemas) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": known.of(plan.hints[name])} for name, _ in plan.path
    ]
    if plan.query is not None:
        found += _fields(plan.query, "query", known)
    if plan.headers is not None:
        found += [field for field in _fields(plan.headers, "header", known) if field["name"] != "content-type"]
    if route.idempotent:
        key = {"type": "string", "maxLength": 255}  # a blank one counts as none
        found.append({"name": "Idempotency-Key", "in": "header", "required": False, "schema": key})
    return found


def request_body(plan: Plan, known: Schemas) -> dict[str, Any] | None:
    if plan.body is not None:
        return {"required": True, "content": {"application/json": {"schema": known.of(plan.body.kind)}}}
    if plan.form is not None:
        schema = known.of(plan.form.struct)
        return {"required": True, "content": {kind: {"schema": schema} for kind in FORM_TYPES}}
    if "stream" in plan.wants:
        return {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
    if "parts" in plan.wants:
        return {"required": True, "content": {"multipart/form-data": {"schema": {"type": "object"}}}}
    return None


def success(route: Route, plan: Plan, known: Schemas) -> dict[str, Any]:
    returned = _returned(route, plan)
    declared = plan.hints.get("return")
    if returned is not None:
        content = {"application/json": {"schema": known.of(returned)}}
        return {str(route.status): {"description": "Done", "content": content}}
    if declared is EventStream:
        stream = {"text/event-stream": {"schema": {"type": "string"}}}
        return {str(route.status): {"description": "Server-sent events", "content": stream}}
    status = 204 if declared is NoneType and route.status == 200 else route.status
    return {str(status): {"description": "Done"}}


def _fields(reader: FieldReader[Any], place: str, known: Schemas) -> Iterator[dict[str, Any]]:
    for name, field in reader.fields():
        schema = dict(known.of(field.type))
        if not field.required and field.default is not msgspec.NODEFAULT and field.default is not None:
            schema["default"] = msgspec.to_builtins(field.default)
        parameter = {"name": name, "in": place, "required": field.required, "schema": schema}
        description = schema.pop("description", "")
        yield {**parameter, "description": description} if description else parameter


def _returned(route: Route, plan: Plan) -> Any:
    """The type of the JSON answer, or None where there is none."""
    kind = route.returns if route.returns is not None else plan.hints.get("return")
    if get_origin(kind) in (Union, UnionType):
        plain = [option for option in get_args(kind) if not _is_raw(option)]
        return plain[0] if len(plain) == 1 else None
    return None if kind in (None, NoneType, Any) or _is_raw(kind) else kind


def _is_raw(kind: Any) -> bool:
    return kind is NoneType or (isinstance(kind, type) and issubclass(kind, _RAW))


def _key(kind: Any) -> Any:
    """Types are their own keys, except those whose annotations cannot be hashed."""
    try:
        hash(kind)
    except TypeError:
        return repr(kind)
    return kind
