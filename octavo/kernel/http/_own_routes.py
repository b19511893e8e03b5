"""The addresses every Octavo has: health, metrics, built files and the API document."""

import asyncio
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING

from octavo.kernel.http._access import Access, granted, public
from octavo.kernel.http._answers import Bytes, FileRange
from octavo.kernel.http._metrics import CONTENT_TYPE, HttpMetrics
from octavo.kernel.http._request import Request
from octavo.kernel.http._routes import Route, Router
from octavo.kernel.http._site import Site
from octavo.kernel.http._static import StaticFiles
from octavo.kernel.refusals import Forbidden, Unavailable

if TYPE_CHECKING:
    from octavo.kernel.context import Context

READY_SECONDS = 2.0
open_to_probes = granted("probes", "says nothing but whether the process works")
open_to_all = granted("built files", "the same for everyone")
loopback_or_operator = Access("loopback or operator", public.check)


def own_routes(site: Site, metrics: HttpMetrics, dist: Path) -> list[Route]:
    router = Router("", "octavo")
    _add_health(router, site)
    _add_metrics(router, metrics)
    _add_static(router, StaticFiles(dist))
    return router.routes


def _add_health(router: Router, site: Site) -> None:
    @router.get("/healthz", access=open_to_probes, summary="Whether the process runs")
    async def healthz(ctx: "Context") -> dict[str, str]:
        return {"status": "ok"}

    @router.get("/readyz", access=open_to_probes, summary="Whether requests should be sent here")
    async def readyz(ctx: "Context") -> dict[str, str]:
        if site.stopping.is_set():
            raise Unavailable("This process is stopping.")
        try:
            async with asyncio.timeout(READY_SECONDS):
                await ctx.db.main.value("SELECT 1")
        except TimeoutError:
            raise Unavailable("The database does not answer.") from None
        return {"status": "ready"}


def _add_metrics(router: Router, metrics: HttpMetrics) -> None:
    @router.get("/metrics", access=loopback_or_operator, summary="Numbers for Prometheus")
    async def show_metrics(ctx: "Context", request: Request) -> Bytes:
        if not (_is_local(request) or "operator" in ctx.actor.roles):
            raise Forbidden("Only an operator, or a program on this machine, may read the metrics.")
        return Bytes(metrics.exposition(), CONTENT_TYPE, {"cache-control": "no-store"})


def _is_local(request: Request) -> bool:
    """A proxy on this machine that is not listed as trusted makes everyone look local, but it leaves its header."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    try:
        return ip_address(request.address).is_loopback
    except ValueError:
        return False


def _add_static(router: Router, files: StaticFiles) -> None:
    @router.get("/static/{rest:path}", access=open_to_all)
    async def static_file(ctx: "Context", rest: str, request: Request) -> FileRange:
        return files.find(rest, request.headers.get("accept-encoding", ""))
