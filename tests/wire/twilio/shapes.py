"""Derive shapes.json, by which the judge knows every answer, from a directory of the vendor's OpenAPI files.

    .venv/bin/python tests/wire/twilio/shapes.py DIRECTORY

The table keeps what a client can rely on and nothing else: per operation the names of its parameters, and per status
the type, format, pattern, values and nullability of each property, with the keys that the official examples show
beyond them.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SHAPES = Path(__file__).with_name("shapes.json")
FILES = (
    "accounts_v1",
    "api_v2010",
    "chat_v2",
    "conversations_v1",
    "lookups_v2",
    "messaging_v1",
    "monitor_v1",
    "numbers_v1",
    "pricing_v1",
    "verify_v2",
    "video_v1",
    "voice_v1",
)
SECTIONS = ("schemas", "operations", "parameters")
OF_PAGES = {"Page", "PageSize", "PageToken"}
METHODS = ("get", "post", "put", "patch", "delete")
# What users keep in objects of these names is theirs: the keys of the examples bind nobody.
OF_USERS = {
    "bindings",
    "configuration",
    "data",
    "details",
    "event_data",
    "hidden_details",
    "metadata",
    "options",
    "translations",
    "video_layout",
}
# Which kinds of numbers there are differs from country to country.
COUNTRY = "api.v2010.account.available_phone_number_country"
# Its schemas leave open what may be null, and its examples show that nearly everything may.
OPEN = "lookups"
Shape = dict[str, Any]


def main(folder: Path) -> None:
    SHAPES.write_text(derived(folder))


def derived(folder: Path) -> str:
    """The text of shapes.json for these files."""
    table: dict[str, dict[str, Any]] = {section: {} for section in SECTIONS}
    for name in FILES:
        Document(json.loads((folder / f"twilio_{name}.json").read_text()), table).read()
    return as_text(table)


def as_text(table: dict[str, dict[str, Any]]) -> str:
    """One line a schema and one a path, so that a newer set of files is read as a difference."""
    schemas = ",\n".join(f"  {json.dumps(name)}: {compact(shape)}" for name, shape in sorted(table["schemas"].items()))
    operations, parameters = (hosts_as_text(table[section]) for section in SECTIONS[1:])
    sections = (f'"schemas": {{\n{schemas}\n }}', f'"operations": {operations}', f'"parameters": {parameters}')
    return "{\n " + ",\n ".join(sections) + "\n}\n"


def hosts_as_text(hosts: dict[str, Shape]) -> str:
    lines = ",\n".join(host_as_text(host, paths) for host, paths in sorted(hosts.items()))
    return f"{{\n{lines}\n }}"


def host_as_text(host: str, paths: Shape) -> str:
    lines = ",\n".join(f"   {json.dumps(path)}: {compact(methods)}" for path, methods in sorted(paths.items()))
    return f"  {json.dumps(host)}: {{\n{lines}\n  }}"


def compact(shape: Shape) -> str:
    return json.dumps(shape, separators=(",", ":"), sort_keys=True)


class Document:
    """One OpenAPI file, read into the table. A schema is described once, by all examples that show it anywhere."""

    def __init__(self, document: dict[str, Any], table: dict[str, dict[str, Any]]) -> None:
        self.paths = document["paths"]
        self.host = document["info"]["title"].removeprefix("Twilio - ").lower()
        self.components = document["components"]["schemas"]
        self.table = table
        self.named: dict[str, Shape] = {}

    def read(self) -> None:
        operations = self.table["operations"].setdefault(self.host, {})
        parameters = self.table["parameters"].setdefault(self.host, {})
        for path, item in self.paths.items():
            for method in METHODS:
                if names := self._parameters(item.get(method, {})):
                    parameters.setdefault(path, {})[method.upper()] = names
                for status, response in item.get(method, {}).get("responses", {}).items():
                    shape = self._response(response)
                    operations.setdefault(path, {}).setdefault(method.upper(), {})[status] = shape
        for name, shape in self.named.items():
            assert name not in self.table["schemas"], f"two files describe {name}"
            if name == COUNTRY:
                del shape["properties"]["subresource_uris"]["keys"]
            self.table["schemas"][name] = shape

    def _parameters(self, operation: dict[str, Any]) -> list[str]:
        """Names in the query and in the form, but those of pages, which every list takes."""
        names = {one["name"] for one in operation.get("parameters", []) if one.get("in") == "query"}
        for content in operation.get("requestBody", {}).get("content", {}).values():
            schema = content["schema"]
            described = self.components[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
            names |= described.get("properties", {}).keys()
        return sorted(names - OF_PAGES)

    def _response(self, response: dict[str, Any]) -> Shape | None:
        content = response.get("content", {}).get("application/json")
        if content is None:
            return None
        shape = self._shape(content["schema"])
        for example in examples(content):
            self._learn(shape, example)
        return shape

    def _shape(self, schema: dict[str, Any]) -> Shape:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            target = self.components[name]
            if "properties" not in target:
                # The vendor's generator cannot say that a reference is nullable, and enumerations are references.
                return self._shape(target) | {"null": True}
            if name not in self.named:
                self.named[name] = {}
                self.named[name] |= self._plain(target)
            return {"ref": name}
        return self._plain(schema)

    def _plain(self, schema: dict[str, Any]) -> Shape:
        if "oneOf" in schema:
            return self._shape(schema["oneOf"][0])
        shape: Shape = {key: schema[key] for key in ("type", "format", "pattern", "enum") if key in schema}
        if override := schema.get("x-twilio", {}).get("overrideType"):
            shape["type"] = [schema["type"], override]
        if schema.get("nullable") or self.host == OPEN:
            shape["null"] = True
        if "properties" in schema:
            shape["properties"] = {name: self._shape(part) for name, part in schema["properties"].items()}
        if schema.get("items"):
            shape["items"] = self._shape(schema["items"])
        return shape

    def _learn(self, shape: Shape, example: object, name: str = "") -> None:
        """What the example shows and the schema does not say."""
        is_reference = "ref" in shape
        described = self.named[shape["ref"]] if is_reference else shape
        if example is None:
            shape["null"] = True
        elif isinstance(example, dict):
            self._learn_keys(described, example, name)
        elif isinstance(example, list):
            for item in example:
                self._learn(described.setdefault("items", {}), item, name)
        elif "enum" in described and example not in described["enum"]:
            described["enum"] = [*described["enum"], example]

    def _learn_keys(self, shape: Shape, example: dict[str, Any], name: str) -> None:
        properties: dict[str, Shape] | None = shape.get("properties")
        if properties is not None:
            for key, value in example.items():
                self._learn(properties.setdefault(key, {"null": True}), value, key)
        elif shape.get("format") == "uri-map":
            shape["keys"] = [sorted({*shape.get("keys", [[]])[0], *example})]
        elif name not in OF_USERS:
            alternatives = {tuple(keys) for keys in shape.get("keys", [])} | {tuple(sorted(example))}
            shape["keys"] = [list(keys) for keys in sorted(alternatives)]


def examples(content: dict[str, Any]) -> Iterator[object]:
    for example in content.get("examples", {}).values():
        if example.get("value") is not None:
            yield example["value"]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
