"""Writing subtitles: a file is stored first, and counts once its row is there; it goes after its row."""

import hashlib

from octavo.kernel.context import Context
from octavo.kernel.db import Transaction
from octavo.kernel.ids import new_id
from octavo.kernel.media import places
from octavo.kernel.media.asset.queries import lock_asset
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.subtitles import queries, rules
from octavo.kernel.media.subtitles.decoding import decoded
from octavo.kernel.media.subtitles.parsing import parse
from octavo.kernel.media.subtitles.rows import Subtitle, SubtitleFile
from octavo.kernel.media.subtitles.webvtt import write_webvtt


async def store_subtitles(ctx: Context, asset_id: AssetId, file: SubtitleFile) -> Subtitle:
    """Reads an owner's file and stores it as WebVTT. Raises BadSubtitles, and Invalid for no language.

    Nothing knows of it until `keep_subtitle`; without that the sweep removes it.
    """
    language = rules.checked_language(file.language)
    cues = parse(decoded(file.content))
    content = write_webvtt(cues)
    name = f"text-{new_id().hex}"
    key = places.subtitle_key(asset_id, name)
    await ctx.blobs.put(key, content)
    return Subtitle(
        asset_id=asset_id,
        name=name,
        origin="owner",
        language=language,
        label=rules.label_of(file.label, language),
        forced=False,
        cues=len(cues),
        key=key,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        created_at=ctx.now,
    )


async def keep_subtitle(tx: Transaction, subtitle: Subtitle) -> None:
    """Players hear of it with the next playlist that they load. Raises SubtitleNotFound, TooManySubtitles."""
    asset = await lock_asset(tx, subtitle.asset_id)
    if asset is None or asset.state == "deleted":
        raise rules.SubtitleNotFound
    if await queries.how_many(tx, subtitle.asset_id) >= rules.MOST_FILES:
        raise rules.TooManySubtitles
    await insert_subtitle(tx, subtitle)


async def insert_subtitle(tx: Transaction, subtitle: Subtitle) -> None:
    """A step that was begun again brings the same once more, and another encoder perhaps in other bytes."""
    await tx.execute(
        """
        INSERT INTO media.subtitle
            (asset_id, name, origin, language, label, forced, cues, key, sha256, bytes, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (asset_id, name) DO UPDATE SET cues = $7, sha256 = $9, bytes = $10
        """,
        subtitle.asset_id, subtitle.name, subtitle.origin, subtitle.language, subtitle.label, subtitle.forced,
        subtitle.cues, subtitle.key, subtitle.sha256, subtitle.bytes, subtitle.created_at,
    )  # fmt: skip


async def forget_subtitle(tx: Transaction, asset_id: AssetId, name: str) -> str:
    """The key of its file, to be deleted once `tx` has committed. Raises SubtitleNotFound."""
    sql = "DELETE FROM media.subtitle WHERE asset_id = $1 AND name = $2 RETURNING key"
    key: str | None = await tx.value(sql, asset_id, name)
    if key is None:
        raise rules.SubtitleNotFound
    return key
