"""The addresses every Octavo has: health, metrics, the built files, and the API's own description."""

import asyncio
from typing import TYPE_CHECKING, Any

from octavo.kernel.http._access import Access, granted, public
from octavo.kernel.http._answers import Bytes, FileRange, View
from octavo.kernel.http._chapters import chapters
from octavo.kernel.http._metrics import CONTENT_TYPE
from octavo.kernel.http._request import Request
from octavo.kernel.http._routes import Router
from octavo.kernel.loopback import is_near
from octavo.kernel.metrics import all_metrics, metrics_folder
from octavo.kernel.refusals import Forbidden, Unavailable

if TYPE_CHECKING:
    from octavo.kernel.context import Context

READY_SECONDS = 2.0
open_to_probes = granted("anyone", "says nothing but whether the process works")
open_to_all = granted("anyone", "the same for everyone")
loopback_or_operator = Access("loopback or operator", public.check)

router = Router("", product="octavo")


@router.get("/healthz", access=open_to_probes, summary="Whether the process runs")
async def healthz(ctx: "Context") -> dict[str, str]:
    return {"status": "ok"}


@router.get("/readyz", access=open_to_probes, summary="Whether requests should be sent here")
async def readyz(ctx: "Context", request: Request) -> dict[str, str]:
    if request.site.stopping.is_set():
        raise Unavailable("This process is stopping.")
    try:
        async with asyncio.timeout(READY_SECONDS):
            await ctx.db.main.value("SELECT 1")
    except TimeoutError:
        raise Unavailable("The database does not answer.") from None
    return {"status": "ready"}


@router.get("/metrics", access=loopback_or_operator, summary="Numbers for Prometheus")
async def show_metrics(ctx: "Context", request: Request) -> Bytes:
    if not (_is_local(request) or "operator" in ctx.actor.roles):
        raise Forbidden("Only an operator, or a program on this machine, may read the metrics.")
    figures = all_metrics(metrics_folder(ctx.settings.data_dir), request.site.process)
    return Bytes(figures, CONTENT_TYPE, {"cache-control": "no-store"})


@router.get("/static/{rest:path}", access=open_to_all, summary="Built scripts, styles, fonts and icons")
async def static_file(ctx: "Context", rest: str, request: Request) -> FileRange:
    return request.site.files.find(rest, request.headers.get("accept-encoding", "").encode("latin-1"))


@router.get("/openapi.json", access=open_to_all, summary="The API as an OpenAPI 3.1 document")
async def openapi(ctx: "Context", request: Request) -> dict[str, Any]:
    return request.site.document


@router.get("/api", access=public, summary="The API for readers")
async def read_api(ctx: "Context", request: Request) -> View:
    return View("http/api.html", {"chapters": chapters(request.site.document)})


def _is_local(request: Request) -> bool:
    """A proxy on this machine that is not listed as trusted makes everyone look local, but it leaves its header."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers:
        return False
    return is_near(request.address)
