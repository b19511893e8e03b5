"""The pages that belong to no product: the start page, the components, and what an installed app asks for."""

from pathlib import Path
from typing import Any

from starlette.responses import FileResponse, JSONResponse, Response

from octavo.kernel.context import Context
from octavo.kernel.http import Redirect, Router, View, granted, public, role
from octavo.kernel.identity import is_founded
from octavo.kernel.refusals import NotFound
from octavo.ui.assets import Assets

DIST = Path(__file__).parent / "dist"

pages = Router("", product="")
kept_by_browsers = granted("anyone", "the same for everyone: an installed app keeps it for whoever comes next")


@pages.get("/", access=public, summary="The start page")
async def start(ctx: Context) -> View | Redirect:
    if not ctx.actor.signed_in and not await is_founded(ctx.db.user):
        return Redirect("/welcome")
    return View("ui/landing.html")


@pages.get("/components", access=role("operator"), summary="Every component of the pages in every state")
async def components(ctx: Context) -> View:
    return View("ui/components.html")


@pages.get("/offline", access=kept_by_browsers, summary="What an installed app shows without a network")
async def offline(ctx: Context) -> View:
    return View("ui/offline.html")


@pages.get("/manifest.webmanifest", access=kept_by_browsers, summary="The web app manifest")
async def web_app_manifest(ctx: Context) -> Response:
    return JSONResponse(_manifest(Assets(DIST)), media_type="application/manifest+json")


@pages.get("/service-worker.js", access=kept_by_browsers, summary="The service worker")
async def service_worker(ctx: Context) -> Response:
    """From the root, because a service worker only sees pages below its own address."""
    built = DIST / "service-worker.js"
    if not built.exists():
        raise NotFound("The pages are not built yet. Run: ./dev ui")
    return FileResponse(built, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _manifest(assets: Assets) -> dict[str, Any]:
    plain = [_icon(assets, f"icon-{size}.png", f"{size}x{size}", "any") for size in (192, 512)]
    return {
        "id": "/",
        "name": "Octavo",
        "short_name": "Octavo",
        "description": "Eight products on one kernel, on your own machine.",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#161722",
        "theme_color": "#161722",
        "icons": [*plain, _icon(assets, "icon-maskable.png", "512x512", "maskable")],
        "shortcuts": [{"name": "Video", "url": "/video"}],
    }


def _icon(assets: Assets, name: str, sizes: str, purpose: str) -> dict[str, str]:
    return {"src": assets.url(name), "sizes": sizes, "type": "image/png", "purpose": purpose}
