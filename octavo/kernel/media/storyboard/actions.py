"""Keeping a storyboard: all of its sheets, or none."""

from collections.abc import Sequence

from octavo.kernel.db import Transaction
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.packaging import Storyboard
from octavo.kernel.media.processing.actions import Stored


async def keep_storyboard(tx: Transaction, asset_id: AssetId, board: Storyboard, sheets: Sequence[Stored]) -> None:
    """In the place of an older one."""
    await tx.execute("DELETE FROM media.storyboard_sheet WHERE asset_id = $1", asset_id)
    await tx.execute("DELETE FROM media.storyboard WHERE asset_id = $1", asset_id)
    await tx.execute(
        """
        INSERT INTO media.storyboard (asset_id, interval, tiles, columns, rows, width, height)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        asset_id, board.interval, board.tiles, board.columns, board.rows, board.width, board.height,
    )  # fmt: skip
    await tx.execute_many(
        "INSERT INTO media.storyboard_sheet (asset_id, n, key, sha256, bytes) VALUES ($1, $2, $3, $4, $5)",
        [(asset_id, n, sheet.key, sheet.sha256, sheet.bytes) for n, sheet in enumerate(sheets)],
    )
