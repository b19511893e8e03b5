"""Making keys: each encoding of a film has one of its own, drawn by chance and sealed under the master key."""

import secrets

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.encryption.queries import CONTEXT
from octavo.kernel.media.encryption.rows import Encryption
from octavo.kernel.secrets import seal

KEY_BYTES = 16


async def wish_encryption(tx: Transaction, asset_id: AssetId, wish: Encryption) -> None:
    """What holds for this film from its next encoding on, whatever the setting says."""
    await tx.execute("UPDATE media.asset SET encryption = $2 WHERE asset_id = $1", asset_id, wish)


async def plan_encryption(ctx: Context, tx: Transaction, asset_id: AssetId) -> None:
    """A key for the renditions that have just been planned, where the film is to be encrypted."""
    wish = await tx.value("SELECT encryption FROM media.asset WHERE asset_id = $1", asset_id)
    if (wish or ctx.settings.media.encryption) == "none":
        return
    key_id = new_id()
    context = CONTEXT.format(owner=asset_id, id=key_id)
    sealed = seal(ctx.settings, secrets.token_bytes(KEY_BYTES), context=context)
    await tx.execute(
        "INSERT INTO media.content_key (asset_id, key_id, sealed, created_at) VALUES ($1, $2, $3, $4)",
        asset_id, key_id, sealed, ctx.now,
    )  # fmt: skip
    await tx.execute("UPDATE media.rendition SET key_id = $2 WHERE asset_id = $1 AND position >= 0", asset_id, key_id)


async def forget_unused_keys(tx: Transaction, asset_id: AssetId) -> None:
    """Those of encodings that are gone."""
    await tx.execute(
        """
        DELETE FROM media.content_key k WHERE k.asset_id = $1 AND NOT EXISTS (
            SELECT FROM media.rendition r WHERE r.asset_id = $1 AND r.key_id = k.key_id
        )
        """,
        asset_id,
    )
