"""Opening a final upload: its parts are claimed, its asset comes to be, and joining them is set going."""

from collections.abc import Sequence
from uuid import UUID

from msgspec.structs import replace

from octavo.kernel.context import Context
from octavo.kernel.ids import new_id
from octavo.kernel.jobs import enqueue
from octavo.kernel.media.purposes import NewAsset, purpose_named
from octavo.kernel.media.upload import queries, rules
from octavo.kernel.media.upload.actions import admit, insert_upload, owner_of_new
from octavo.kernel.media.upload.joining.jobs import join_parts
from octavo.kernel.media.upload.joining.rows import JoinParts
from octavo.kernel.media.upload.receiving import check_disk
from octavo.kernel.media.upload.rows import Upload, UploadRequest


async def open_joined(ctx: Context, request: UploadRequest, concat: str, parts: Sequence[UUID]) -> Upload:
    """`concat` is the header as it came. Raises PartsUnfit, and all that opening an upload raises."""
    owner_id = owner_of_new(ctx)
    purpose = purpose_named(request.purpose)
    name = rules.safe_filename(request.filename)
    new = NewAsset(new_id(), owner_id, name, purpose.name, request.belongs_to, request.encryption)
    async with ctx.db.main.transaction() as tx:
        # Locked one by one in an order of their own, so that two who want the same parts do not wait in a circle.
        await tx.column(
            "SELECT asset_id FROM media.upload WHERE asset_id = ANY($1) ORDER BY asset_id FOR UPDATE", list(parts)
        )
        found = await queries.uploads_of(tx, parts)
        mine = {part_id: part for part_id, part in found.items() if part.owner_id == owner_id}
        request = replace(request, length=rules.check_parts(parts, mine))
        rules.check_announced(request, purpose, largest=ctx.settings.media.max_upload_bytes)
        # Until it is joined, the file is there twice.
        check_disk(ctx, request.length)
        # Claimed parts no longer count towards the quota: the asset does in their place.
        await tx.execute("UPDATE media.upload SET joined_to = $2 WHERE asset_id = ANY($1)", list(parts), new.asset_id)
        await admit(ctx, tx, purpose, new, request.length)
        await insert_upload(ctx, tx, new.asset_id, request, concat=concat, parts=list(parts))
        await enqueue(tx, join_parts, JoinParts(new.asset_id), key=f"{new.asset_id}:join-parts")
    return await queries.upload_of(ctx.db.main, new.asset_id, owner_id)
