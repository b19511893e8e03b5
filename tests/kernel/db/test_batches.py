"""Very many rows are gone through a batch at a time, to the last one."""

import pytest

from octavo.kernel.db import Database, _batches, execute_in_batches

_FILL = """
    INSERT INTO http.rate_window (bucket, started_at, count, previous, expires_at)
    SELECT gen_random_uuid(), now(), n, 0, now() FROM generate_series(1, $1::integer) AS n
"""
_EMPTY = """
    DELETE FROM http.rate_window WHERE bucket IN (SELECT bucket FROM http.rate_window WHERE count > $1 LIMIT $2)
"""


@pytest.mark.parametrize("rows", [0, 3, 4, 9])
async def test_every_row_is_reached_when_there_are_more_than_a_batch(
    db: Database, monkeypatch: pytest.MonkeyPatch, rows: int
) -> None:
    monkeypatch.setattr(_batches, "BATCH", 4)
    await db.execute(_FILL, rows)
    assert await execute_in_batches(db, _EMPTY, 0) == rows
    assert await db.value("SELECT count(*) FROM http.rate_window") == 0
