"""Judge one exchange by the vendor's documents: every documented property, its type and its format.

`shapes.json` is derived from the OpenAPI files by `shapes.py`. Where an official example shows a key that its schema
does not have, the key is due as well.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.wire.twilio.faults_of_lists import faults_of_list
from tests.wire.twilio.formats import FORMATS
from tests.wire.twilio.older import OPERATIONS

Shape = dict[str, Any]
ERROR = {"code": int, "message": str, "more_info": str, "status": int}
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def judge(method: str, url: str, status: int, body: bytes) -> list[str]:
    """The faults of an answer, each a sentence that names the place; none where it is as documented."""
    parts = urlsplit(url)
    where = f"{method} {parts.hostname}{parts.path} {status}"
    return [f"{where}: {fault}" for fault in _faults(method, parts.hostname or "", parts.path, status, body)]


def _faults(method: str, host: str, path: str, status: int, body: bytes) -> Iterator[str]:
    if status >= 400:
        yield from _faults_of_error(status, body)
        return
    statuses = documented_statuses(method, host.partition(".")[0], path)
    if statuses is None:
        yield "the vendor has no such operation"
        return
    if str(status) not in statuses:
        yield f"the status should be one of {', '.join(statuses)}"
        return
    shape = statuses[str(status)]
    if shape is None:
        if body:
            yield f"there should be no body, but there is {body[:80]!r}"
        return
    try:
        value = json.loads(body)
    except ValueError:
        yield f"the body is no JSON: {body[:80]!r}"
        return
    yield from _faults_of_value(value, shape, "")
    if isinstance(value, dict):
        yield from faults_of_list(value, f"https://{host}", path)


def _faults_of_error(status: int, body: bytes) -> Iterator[str]:
    try:
        error = json.loads(body)
    except ValueError:
        yield f"an error should be JSON, but is {body[:80]!r}"
        return
    for key, kind in ERROR.items():
        if type(error.get(key)) is not kind:
            yield f"the error's {key} should be {kind.__name__}, but is {error.get(key)!r}"
    if error.get("status") != status:
        yield f"the error says status {error.get('status')!r}"
    if error.keys() >= {"type", "title", "status", "code"}:
        yield "the SDKs would take this error for a problem document"
    if error.get("more_info") != f"https://www.twilio.com/docs/errors/{error.get('code')}":
        yield f"more_info is {error.get('more_info')!r}"


def documented_statuses(method: str, host: str, path: str) -> dict[str, Shape | None] | None:
    """The documented answers by status. An exact path goes before one with variables, as `/Balance` before `/{Sid}`."""
    for template, methods in _paths("operations", host):
        if template.fullmatch(path) and method in methods:
            found: dict[str, Shape | None] = methods[method]
            return found
    return None


def documented_parameters(method: str, host: str, path: str) -> set[str]:
    """Names of what may be asked for."""
    fitting = [methods for template, methods in _paths("parameters", host) if template.fullmatch(path)]
    return set(next((methods[method] for methods in fitting if method in methods), ()))


@cache
def table() -> dict[str, Any]:
    """shapes.json."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name("shapes.json").read_text())
    return found


@cache
def _paths(section: str, host: str) -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    paths = table()[section].get(host, {})
    if section == "operations":
        paths = paths | OPERATIONS.get(host, {})
    by_exactness = sorted(paths, key=lambda path: [part.startswith("{") for part in path.split("/")])
    return [(re.compile(re.sub(r"\\\{\w+\\\}", "[^/]+?", re.escape(path))), paths[path]) for path in by_exactness]


def _faults_of_value(value: object, shape: Shape, where: str) -> Iterator[str]:
    may_be_null = shape.get("null", False)
    if "ref" in shape:
        shape = table()["schemas"][shape["ref"]]
        may_be_null = may_be_null or shape.get("null", False)
    name = where.rpartition(".")[2]
    if value is None:
        if name in ("sid", "account_sid") or not may_be_null:
            yield f"{where or 'the body'} should not be null"
        return
    if not _is_of_type(value, shape):
        yield f"{where or 'the body'} should be {shape['type']}, but is {value!r}"
    elif isinstance(value, dict):
        yield from _faults_of_object(value, shape, where)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _faults_of_value(item, shape.get("items", {}), f"{where}[{index}]")
    elif isinstance(value, str) and value:
        yield from _faults_of_text(value, shape, where)


def _is_of_type(value: object, shape: Shape) -> bool:
    wanted = shape.get("type")
    if wanted is None:
        return True
    names = wanted if isinstance(wanted, list) else [wanted]
    if isinstance(value, bool):
        return "boolean" in names
    return any(isinstance(value, TYPES[name]) for name in names)


def _faults_of_object(value: dict[str, object], shape: Shape, where: str) -> Iterator[str]:
    prefix = f"{where}." if where else ""
    for key, part in shape.get("properties", {}).items():
        if key not in value:
            yield f"{prefix}{key} is missing"
        else:
            yield from _faults_of_value(value[key], part, f"{prefix}{key}")
    alternatives = shape.get("keys", [])
    if alternatives and not any(value.keys() >= set(keys) for keys in alternatives):
        yield f"{where} has the keys {sorted(value)}, but should have one of these sets: {alternatives}"


def _faults_of_text(value: str, shape: Shape, where: str) -> Iterator[str]:
    if "enum" in shape and value not in shape["enum"]:
        yield f"{where} should be one of {shape['enum']}, but is {value!r}"
    if "pattern" in shape and not re.search(shape["pattern"], value):
        yield f"{where} should match {shape['pattern']}, but is {value!r}"
    is_right = FORMATS.get(shape.get("format", ""))
    if is_right and not is_right(value):
        yield f"{where} should be a {shape['format']}, but is {value!r}"
