"""Writing chapters: all of a film's at once."""

from collections.abc import Sequence

from octavo.kernel.db import Transaction
from octavo.kernel.film import SourceInfo
from octavo.kernel.media.asset.queries import lock_asset
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.chapters import rules
from octavo.kernel.media.chapters.rows import Chapter


async def replace_chapters(tx: Transaction, asset_id: AssetId, chapters: Sequence[Chapter]) -> list[Chapter]:
    """As they are kept now; none takes all away. Raises BadChapters, FilmGone."""
    asset = await lock_asset(tx, asset_id)
    if asset is None or asset.state == "deleted":
        raise rules.FilmGone
    kept = rules.checked(chapters, asset.duration)
    await tx.execute("DELETE FROM media.chapter WHERE asset_id = $1", asset_id)
    await _insert(tx, asset_id, kept)
    return kept


async def take_over_chapters(tx: Transaction, asset_id: AssetId, source: SourceInfo) -> None:
    """Those of the source, once it has been looked at. Its owner may have been quicker, and is then right."""
    if not await tx.value("SELECT EXISTS (SELECT 1 FROM media.chapter WHERE asset_id = $1)", asset_id):
        await _insert(tx, asset_id, rules.chapters_of_source(source))


async def _insert(tx: Transaction, asset_id: AssetId, chapters: Sequence[Chapter]) -> None:
    await tx.execute_many(
        "INSERT INTO media.chapter (asset_id, start_ms, title) VALUES ($1, $2, $3)",
        [(asset_id, chapter.start_ms, chapter.title) for chapter in chapters],
    )
