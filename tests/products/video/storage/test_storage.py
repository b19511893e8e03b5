"""The operator's page of storage: what there is, under the names it is summed by, and how it came to be so much."""

from datetime import date

import httpx

from octavo.kernel.db import Database
from octavo.kernel.media import KindSum, MonthSum
from octavo.products.video.storage.rows import Grown, Sum
from octavo.products.video.storage.rules import MOST_MONTHS, by_kind, by_rung, growth
from tests.products.conftest import Enter

KINDS = [
    KindSum("source", "", 2, 900),
    KindSum("track", "480p", 2, 300),
    KindSum("track", "sound", 2, 20),
    KindSum("chunk", "480p", 5, 700),
]


def test_files_are_summed_by_kind_and_by_rung() -> None:
    assert by_kind(KINDS) == [Sum("source", 2, 900), Sum("chunk", 5, 700), Sum("track", 4, 320)]
    assert by_rung(KINDS) == [Sum("480p", 7, 1000), Sum("sound", 2, 20)]


def test_growth_counts_on_through_months_without_films() -> None:
    grown = growth([MonthSum("2025-11", 1, 10), MonthSum("2026-02", 2, 5)])
    assert grown == [
        Grown(date(2025, 11, 1), 1, 10),
        Grown(date(2025, 12, 1), 0, 10),
        Grown(date(2026, 1, 1), 0, 10),
        Grown(date(2026, 2, 1), 2, 15),
    ]
    assert growth([]) == []


def test_growth_shows_the_last_three_years_of_all_that_there_is() -> None:
    grown = growth([MonthSum("2016-01", 1, 10), MonthSum("2026-01", 1, 1)])
    assert (len(grown), grown[0].bytes, grown[-1].bytes) == (MOST_MONTHS, 10, 11)


async def test_operators_see_it_and_nobody_else(anyone: httpx.AsyncClient, enter: Enter, db: Database) -> None:
    operator, nadia = await enter("operator"), await enter()
    empty = await operator.http.get("/video/storage")
    assert (empty.status_code, "No film is stored yet" in empty.text) == (200, True)
    await db.execute(
        """
        INSERT INTO media.asset
            (asset_id, owner_id, purpose, filename, state, size, source_key, created_at, changed_at)
        VALUES ($1, $1, 'video.title', 'film.mp4', 'complete', 5000000, 'media/film', '2026-10-05', '2026-10-05')
        """,
        nadia.actor.user_id,
    )
    page = (await operator.http.get("/video/storage")).text
    assert "5\N{NO-BREAK SPACE}MB" in page
    assert nadia.actor.name in page
    assert "2026-10" in page
    report = (await operator.http.get("/api/video/v1/storage")).json()
    assert report["months"] == [{"month": "2026-10", "films": 1, "bytes": 5000000}]
    assert (await nadia.http.get("/video/storage")).status_code == 403
    assert (await anyone.get("/api/video/v1/storage")).status_code == 401
