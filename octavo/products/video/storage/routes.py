"""The operator's page of storage, and the same for programs."""

from typing import Annotated

from msgspec import Meta, Struct

from octavo.kernel.context import Context
from octavo.kernel.http import Router, View, role
from octavo.kernel.media import StorageReport, storage_report
from octavo.products.video.storage import rules

pages = Router("/video", product="video")
api = Router("/api/video/v1", product="video")
PEOPLE = 20


class ReportQuery(Struct, frozen=True):
    people: Annotated[
        int, Meta(ge=1, le=1000, description="Most people to list, those with the largest films first.")
    ] = PEOPLE


@pages.get("/storage", access=role("operator"), summary="How much room films take")
async def storage_page(ctx: Context) -> View:
    report = await storage_report(ctx, people=PEOPLE)
    return View(
        "video/storage/storage.html",
        {
            "report": report,
            "kinds": rules.by_kind(report.kinds),
            "rungs": rules.by_rung(report.kinds),
            "growth": rules.growth(report.months),
        },
    )


@api.get("/storage", access=role("operator"), summary="How much room films take, by kind, rung, person and month")
async def show_storage(ctx: Context, query: ReportQuery) -> StorageReport:
    return await storage_report(ctx, people=query.people)
