"""The watched folder's work: remember what lies there, take in what has stopped growing, and tell of what failed."""

import asyncio
from pathlib import Path
from uuid import UUID

from octavo.kernel.context import Actor, Context
from octavo.kernel.db import Transaction
from octavo.kernel.identity import User, user_by_login
from octavo.kernel.media.purposes import NewAsset
from octavo.kernel.media.upload.actions import receive_whole
from octavo.kernel.media.upload.folder import disk, queries, rules
from octavo.kernel.media.upload.folder.rows import SeenFile, WatchedFile
from octavo.kernel.media.upload.folder.rules import FileChanged, NobodysFile, TakenBefore
from octavo.kernel.media.upload.tus import DEFAULT_PURPOSE
from octavo.kernel.refusals import Refusal, StorageFull, Unavailable


async def look_around(ctx: Context, folder: Path) -> list[UUID]:
    """Remember what lies in the folder, and since when it is as it is. Returns the files that may be taken in."""
    seen = {rules.file_id(one.path): one for one in await asyncio.to_thread(disk.files_in, folder)}
    known = await queries.known_files(ctx.db.main, seen)
    changed = [key for key, one in seen.items() if key not in known or not rules.is_same(one, known[key])]
    await _remember(ctx, {key: seen[key] for key in changed})
    await _tell_failures(ctx, folder)
    for key, one in known.items():
        if key not in changed and one.state == "taken":
            await _put_away(ctx, folder, one)  # a crash came before it
    settle = ctx.settings.media.watch_settle
    return [key for key, one in known.items() if key not in changed and rules.has_settled(one, ctx.now, settle)]


async def _remember(ctx: Context, changed: dict[UUID, SeenFile]) -> None:
    await ctx.db.main.execute_many(
        """
        INSERT INTO media.watched_file (file_id, path, size, modified_ns, unchanged_since, state)
        VALUES ($1, $2, $3, $4, $5, 'growing')
        ON CONFLICT (file_id) DO UPDATE
        SET path = $2, size = $3, modified_ns = $4, unchanged_since = $5, state = 'growing'
        """,
        [(key, one.path, one.size, one.modified_ns, ctx.now) for key, one in changed.items()],
    )


async def _tell_failures(ctx: Context, folder: Path) -> None:
    for failed in await queries.failed_files(ctx.db.main):
        await asyncio.to_thread(disk.tell_error, folder / failed.path, failed.failure)
        await ctx.db.main.execute(
            "UPDATE media.watched_file SET state = 'failed' WHERE file_id = $1 AND state = 'taken'", failed.file_id
        )


async def take_in(ctx: Context, folder: Path, file_id: UUID) -> None:
    """The file becomes an asset of its owner, once: the row that remembers it and the asset commit together.

    Raises what may pass, such as StorageFull. Everything else is told in a text beside the file.
    """
    known = await queries.known_file(ctx.db.main, file_id)
    if known is None or known.state != "growing":
        return
    path = folder / known.path
    try:
        await _receive(ctx, known, path)
    except FileChanged:
        return  # the next look sees it as it is then
    except TakenBefore as taken:
        await ctx.db.main.execute(
            "UPDATE media.watched_file SET state = 'taken', asset_id = $2, src_sha256 = $3 WHERE file_id = $1",
            file_id, taken.asset_id, taken.src_sha256,
        )  # fmt: skip
    except (StorageFull, Unavailable):
        raise
    except Refusal as refusal:
        await asyncio.to_thread(disk.tell_error, path, refusal.detail)
        await ctx.db.main.execute("UPDATE media.watched_file SET state = 'refused' WHERE file_id = $1", file_id)
        return
    await asyncio.to_thread(disk.forget_error, path)
    await _put_away(ctx, folder, known)


async def _put_away(ctx: Context, folder: Path, known: WatchedFile) -> None:
    if ctx.settings.media.watch_after != "move":
        return
    if moved := await asyncio.to_thread(disk.move_away, folder, known.path):
        await ctx.db.main.execute("UPDATE media.watched_file SET path = $2 WHERE file_id = $1", known.file_id, moved)


async def _receive(ctx: Context, known: WatchedFile, path: Path) -> None:
    owner = await _owner(ctx, known.path)
    with disk.opened(path) as file:
        disk.check_unchanged(file, known.size, known.modified_ns)

        async def take(tx: Transaction, new: NewAsset, src_sha256: str) -> None:
            disk.check_unchanged(file, known.size, known.modified_ns)
            # Nobody else takes in a file for this owner until `tx` ends: the count of the quota is locked.
            before = await queries.taken_before(tx, owner.id, src_sha256)
            if before is not None:
                raise TakenBefore(before, src_sha256)
            taken = await tx.execute(
                """
                UPDATE media.watched_file SET state = 'taken', owner_id = $2, src_sha256 = $3, asset_id = $4
                WHERE file_id = $1 AND state = 'growing' AND size = $5 AND modified_ns = $6
                """,
                known.file_id, owner.id, src_sha256, new.asset_id, known.size, known.modified_ns,
            )  # fmt: skip
            if not taken:
                raise FileChanged

        actor = Actor(user_id=owner.id, name=owner.name, roles=frozenset(owner.roles))
        await receive_whole(
            ctx.acting_as(actor),
            disk.content(file),
            path.name,
            DEFAULT_PURPOSE,
            announced=known.size,
            beside=take,
        )


async def _owner(ctx: Context, path: str) -> User:
    """Raises NobodysFile."""
    named, other = rules.owner_named_by(path), ctx.settings.media.watch_owner
    for login in (named, other):
        user = await user_by_login(ctx.db.user, login) if login else None
        if user is not None and user.state == "active":
            return user
    raise NobodysFile(
        (f"Nobody here is called {named!r}. " if named else "")
        + "Put the file into a folder that is named like the user whose film it is."
    )
