"""Putting the application together at start-up, and refusing to start where a route is not fit to be served."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import octavo
from octavo.kernel.http._application import Application
from octavo.kernel.http._mount import Mount
from octavo.kernel.http._routes import Dialect, Route
from octavo.kernel.http._site import Authenticator, ContextMaker, Renderer, Site
from octavo.kernel.http._static import StaticFiles

if TYPE_CHECKING:
    from octavo.kernel.context import Actor, Engines

DIST = Path(octavo.__file__).parent / "ui" / "dist"


class RouteWithoutAccess(Exception):
    """Who may call a route is never left to chance: every route declares `access=`."""


class DialectUnclear(Exception):
    """Two packages bring a dialect of one name that words refusals, or finds its paths, in different ways."""


class Served(Protocol):
    """The part of a Module that matters here."""

    @property
    def name(self) -> str: ...
    @property
    def routes(self) -> Sequence[Route]: ...
    @property
    def dialects(self) -> Sequence[Dialect]: ...


def build_app(
    modules: Sequence[Served],
    engines: "Engines",
    *,
    render: Renderer,
    authenticate: Authenticator,
    context: ContextMaker,
    anyone: "Actor",
    languages: Sequence[str] = ("en",),
    process: str = "web",
    dist: Path = DIST,
    environ: Mapping[str, str] = os.environ,
) -> Application:
    """`context` is the Context class, `anyone` the anonymous actor, `languages` those that pages speak, and `process`
    the name of this one among several.

    Raises RouteWithoutAccess, RouteTwice, BadTemplate or HandlerUnclear, so that a mistake shows before the first
    request.
    """
    routes = _checked([route for module in modules for route in module.routes])
    site = Site(
        engines=engines,
        render=render,
        authenticate=authenticate,
        context=context,
        anyone=anyone,
        settings=engines.settings.http,
        process=process,
        files=StaticFiles(dist),
        languages=tuple(languages),
        routes=routes,
        titles={module.name: str(getattr(module, "title", module.name.capitalize())) for module in modules},
    )
    main = Mount(routes, site)
    dialects = _joined([dialect for module in modules for dialect in module.dialects])
    mounts = {dialect.name: Mount(_checked(dialect.routes), site, dialect) for dialect in dialects}
    return Application(site, main, mounts, hosts=_dialect_hosts(mounts, environ))


def _joined(dialects: Sequence[Dialect]) -> list[Dialect]:
    """Several packages may bring routes to one dialect. Raises DialectUnclear where they disagree about the rest."""
    found: dict[str, Dialect] = {}
    for dialect in dialects:
        first = found.setdefault(dialect.name, dialect)
        if first is not dialect:
            if (first.render_refusal, first.locate) != (dialect.render_refusal, dialect.locate):
                raise DialectUnclear(dialect.name)
            found[dialect.name] = replace(first, routes=[*first.routes, *dialect.routes])
    return list(found.values())


def _checked(routes: Sequence[Route]) -> Sequence[Route]:
    open_doors = [route.name for route in routes if route.access is None]
    if open_doors:
        raise RouteWithoutAccess(", ".join(open_doors))
    return routes


def _dialect_hosts(names: Mapping[str, object], environ: Mapping[str, str]) -> dict[str, str]:
    """`OCTAVO_<DIALECT>_HOST` mounts a dialect by its Host on the web port."""
    variables = {name: f"OCTAVO_{name.upper().replace('-', '_')}_HOST" for name in names}
    return {name: environ[variable] for name, variable in variables.items() if environ.get(variable)}
