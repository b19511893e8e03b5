"""The OpenAPI document arranged for the page that people read: a chapter per product, a line per operation."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    place: str
    kind: str
    required: bool
    description: str


@dataclass(frozen=True, slots=True)
class Operation:
    """`answers` are (status, meaning) pairs; `gives` is the type of the successful one."""

    anchor: str
    method: str
    path: str
    summary: str
    description: str
    access: str
    fields: tuple[Field, ...]
    answers: tuple[tuple[str, str], ...]
    gives: str


@dataclass(frozen=True, slots=True)
class Chapter:
    name: str
    title: str
    operations: tuple[Operation, ...]


def chapters(document: Mapping[str, Any]) -> list[Chapter]:
    found: dict[str, list[Operation]] = {tag["name"]: [] for tag in document["tags"]}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            found[operation["tags"][0]].append(_operation(document, path, method, operation))
    return [
        Chapter(tag["name"], tag["description"], tuple(sorted(found[tag["name"]], key=lambda o: (o.path, o.method))))
        for tag in document["tags"]
    ]


def _operation(document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> Operation:
    answers = [(status, answer["description"]) for status, answer in operation["responses"].items()]
    return Operation(
        anchor=operation["operationId"].replace(".", "-"),
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        description=operation.get("description", ""),
        access=operation["x-access"],
        fields=tuple(_fields(document, operation)),
        answers=tuple((status, meaning) for status, meaning in answers if status != "default"),
        gives=_gives(operation),
    )


def _fields(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[Field]:
    for parameter in operation["parameters"]:
        kind = type_name(parameter["schema"])
        yield Field(parameter["name"], parameter["in"], kind, parameter["required"], parameter.get("description", ""))
    content = operation.get("requestBody", {}).get("content", {})
    for media in list(content.values())[:1]:
        schema = _resolve(document, media["schema"])
        for name, field in schema.get("properties", {}).items():
            required = name in schema.get("required", ())
            yield Field(name, "body", type_name(field), required, field.get("description", ""))


def _gives(operation: Mapping[str, Any]) -> str:
    for status, answer in operation["responses"].items():
        for media, content in answer.get("content", {}).items():
            if status.startswith("2"):
                return type_name(content["schema"]) if media == "application/json" else str(media)
    return ""


def _resolve(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" not in schema:
        return schema
    found: Mapping[str, Any] = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def type_name(schema: Mapping[str, Any]) -> str:
    """A schema in a reader's words: `list of Title`, `text or nothing`."""
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "anyOf" in schema:
        return " or ".join(type_name(option) for option in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"“{value}”" for value in schema["enum"])
    kind = schema.get("type", "anything")
    if kind == "array":
        return f"list of {type_name(schema.get('items', {}))}"
    names = {"string": "text", "integer": "whole number", "boolean": "yes or no", "null": "nothing"}
    return str(schema.get("format") or names.get(kind, kind))
