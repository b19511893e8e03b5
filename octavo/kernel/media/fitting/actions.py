"""Writing down that a film's ladder is to be fitted, and what came of it."""

from collections.abc import Sequence

from octavo.kernel.db import Transaction
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.encode import Rung


async def await_fitting(tx: Transaction, asset_id: AssetId) -> None:
    await tx.execute("UPDATE media.asset SET unfitted = true WHERE asset_id = $1", asset_id)


async def keep_fitting(tx: Transaction, asset_id: AssetId, fitted: Sequence[tuple[str, Rung]], *, lead: float) -> None:
    """The rungs by the names of their renditions. What lies before `lead` seconds of the first rung stays as planned:

    it may be encoded already, and must be the same whether it is or not.
    """
    await tx.execute(
        """
        UPDATE media.chunk c SET parameters = r.parameters
        FROM media.rendition r
        WHERE c.asset_id = $1 AND r.asset_id = c.asset_id AND r.rendition = c.rendition
            AND r.kind = 'video' AND r.position = 0 AND c.starts < $2
        """,
        asset_id, lead,
    )  # fmt: skip
    await tx.execute_many(
        "UPDATE media.rendition SET parameters = $3 WHERE asset_id = $1 AND rendition = $2",
        [(asset_id, rendition, rung) for rendition, rung in fitted],
    )
    await tx.execute("UPDATE media.asset SET unfitted = false WHERE asset_id = $1", asset_id)
