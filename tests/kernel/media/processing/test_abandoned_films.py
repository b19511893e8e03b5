"""A film that kills its worker each time ends as failed, with a sentence, and not as an eternal promise."""

from pathlib import Path

from octavo.kernel.context import Engines
from octavo.kernel.media.processing.failing import fail_abandoned
from tests.kernel.media.house import a_person, uploaded, view_of


async def test_a_step_that_died_without_a_word_fails_its_film(engines: Engines, short_film: Path) -> None:
    ctx = a_person(engines)
    abandoned, waiting = await uploaded(ctx, short_film), await uploaded(ctx, short_film)
    await ctx.db.main.execute("UPDATE jobs.job SET state = 'dead' WHERE key = $1", f"{abandoned}:probe")
    for _ in range(2):
        await fail_abandoned(ctx, ["media.probe_source"])
    view, other = await view_of(ctx, abandoned), await view_of(ctx, waiting)
    assert view is not None
    assert other is not None
    assert view.state == "failed"
    assert view.failure
    assert other.state == "uploaded"
    told = await ctx.db.main.value("SELECT count(*) FROM events.outbox WHERE shard = $1", abandoned)
    assert told == 2  # uploaded, failed
