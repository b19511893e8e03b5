"""The tree of paths: finds the route of a path segment by segment, whatever the number of routes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

T = TypeVar("T")
REMEMBERED = 1024
_VARIABLE = re.compile(r"\{([a-z_]+)(:path)?\}")


class BadTemplate(Exception):
    """A path template is malformed, or means the same as another one."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """The leaf under a path and the texts of its variables, in the order of the template."""

    leaf: T
    values: tuple[str, ...]


@dataclass(slots=True)
class _Node(Generic[T]):
    literals: "dict[str, _Node[T]]" = field(default_factory=dict)
    # One variable per segment, with what stands before and after it: `{name}.jpg` is ("", ".jpg").
    variables: "dict[tuple[str, str], _Node[T]]" = field(default_factory=dict)
    leaf: T | None = None
    rest: T | None = None


class PathTree(Generic[T]):
    """Literal segments win over variables, variables over a rest (`{rest:path}`)."""

    def __init__(self) -> None:
        self._root: _Node[T] = _Node()
        # Callers ask for the same few addresses again and again.
        self.find = lru_cache(REMEMBERED)(self._find)

    def add(self, template: str, leaf: T) -> None:
        node = self._root
        segments = template.split("/")[1:]
        for position, segment in enumerate(segments):
            variable = _VARIABLE.search(segment)
            if variable is None:
                node = node.literals.setdefault(segment, _Node())
            elif variable[2]:
                if variable[0] != segment or position != len(segments) - 1 or node.rest is not None:
                    raise BadTemplate(template)
                node.rest = leaf
                return
            else:
                before, after = segment[: variable.start()], segment[variable.end() :]
                node = node.variables.setdefault((before, after), _Node())
        if node.leaf is not None:
            raise BadTemplate(f"{template} means the same as an earlier path")
        node.leaf = leaf

    def _find(self, path: str) -> Found[T] | None:
        return _descend(self._root, path.split("/"), 1, ())


def variable_names(template: str) -> tuple[str, ...]:
    return tuple(match[1] for match in _VARIABLE.finditer(template))


def _descend(node: _Node[T], segments: Sequence[str], position: int, values: tuple[str, ...]) -> Found[T] | None:
    if position == len(segments):
        return Found(node.leaf, values) if node.leaf is not None else None
    segment = segments[position]
    literal = node.literals.get(segment)
    if literal is not None:
        found = _descend(literal, segments, position + 1, values)
        if found is not None:
            return found
    for (before, after), child in node.variables.items():
        inner = len(segment) - len(before) - len(after)
        if inner <= 0 or not segment.startswith(before) or not segment.endswith(after):
            continue
        found = _descend(child, segments, position + 1, (*values, segment[len(before) : len(segment) - len(after)]))
        if found is not None:
            return found
    if node.rest is not None and segment:
        return Found(node.rest, (*values, "/".join(segments[position:])))
    return None
