"""The harness itself: what one test stores, the next does not see."""

from octavo.kernel.db import Database


async def test_the_worker_database_is_migrated(db: Database) -> None:
    assert await db.value("SELECT count(*) FROM db.migration") > 0


async def test_a_fresh_database_is_a_clone(fresh_database_url: str, database_url: str) -> None:
    assert fresh_database_url != database_url
