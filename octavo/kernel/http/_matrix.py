"""The access matrix: every route against every kind of actor, for tests and documentation to walk."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from octavo.kernel.http._routes import Route
from octavo.kernel.refusals import Refusal

if TYPE_CHECKING:
    from octavo.kernel.context import Actor


@dataclass(frozen=True, slots=True)
class Entry:
    """Whether the door of `route` opens to the actor called `who`; what is behind it may still refuse."""

    route: Route
    who: str
    allowed: bool


def access_matrix(routes: Sequence[Route], actors: Mapping[str, "Actor"]) -> Iterator[Entry]:
    """`actors` by the name of what they are: anyone, user, creator, moderator, operator."""
    for route in routes:
        for who, actor in actors.items():
            yield Entry(route, who, _opens(route, actor))


def _opens(route: Route, actor: "Actor") -> bool:
    assert route.access is not None
    try:
        route.access.check(actor)
    except Refusal:
        return False
    return True
