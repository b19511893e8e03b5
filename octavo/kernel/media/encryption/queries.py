"""Reading the keys of a film."""

from uuid import UUID

from octavo.kernel.context import Context
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.encryption.rows import SealedKey
from octavo.kernel.media.packaging import ContentKey
from octavo.kernel.refusals import NotFound
from octavo.kernel.secrets import unseal

CONTEXT = "media content key {owner} {id}"  # what each secret is sealed for


async def content_key(ctx: Context, asset_id: AssetId, key_id: UUID) -> ContentKey:
    """Raises NotFound: each film's keys open that film alone."""
    sql = "SELECT asset_id, key_id, sealed FROM media.content_key WHERE asset_id = $1 AND key_id = $2"
    found = await ctx.db.main.one(SealedKey, sql, asset_id, key_id)
    if found is None:
        raise NotFound("There is no such key of this film.")
    context = CONTEXT.format(owner=asset_id, id=key_id)
    return ContentKey(key_id, unseal(ctx.settings, found.sealed, context=context))
