"""The inspection itself: from every row to its file, from every file to its row, and over this machine's disk.

It may run while everything works, so whatever looks wrong is looked at twice, and young files have their time.
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID

from octavo.kernel.blobs import BlobMissing
from octavo.kernel.context import Context
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.garbage.queries import named_files, spare_chunks
from octavo.kernel.media.garbage.rows import NamedFile
from octavo.kernel.media.inspection import queries, rules
from octavo.kernel.media.inspection.content import has_content
from octavo.kernel.media.inspection.disk import FIRST, disk_faults
from octavo.kernel.media.inspection.rows import Fault, Report, StoredFile
from octavo.kernel.media.places import ROOT, asset_folder, asset_of

BATCH = 200


async def inspect(ctx: Context, *, deep: bool = False, young: bool = False) -> Report:
    """`deep` reads every byte and compares the hashes; with `young`, files count as strays from their first moment."""
    # Everything is older than tomorrow, by whichever clock its store goes.
    age = timedelta(days=-1) if young else timedelta(seconds=ctx.settings.media.stray_age)
    inspection = _Inspection(ctx, ctx.now - age, deep=deep)
    after = FIRST
    while batch := await queries.living_assets_after(ctx.db.main, after, BATCH):
        for asset_id in batch:
            await inspection.look_at(asset_id)
        after = batch[-1]
    await inspection.look_for_orphans()
    return inspection.report(await disk_faults(ctx, inspection.before))


class _Inspection:
    def __init__(self, ctx: Context, before: datetime, *, deep: bool) -> None:
        self.before = before
        self._ctx = ctx
        self._deep = deep
        self._assets = self._files = self._bytes = self._young = 0
        self._faults: list[Fault] = []

    async def look_at(self, asset_id: AssetId) -> None:
        """One living asset."""
        stored = await self._stored(asset_id)
        faults = await self._faults_of(asset_id, stored)
        if faults:
            # What was published, joined or deleted meanwhile looks wrong only once.
            again = await self._faults_of(asset_id, await self._stored(asset_id))
            faults = [fault for fault in faults if fault in again]
        old = rules.without_young(faults, stored, self.before)
        self._assets += 1
        self._files += len(stored)
        self._bytes += sum(blob.size for blob in stored.values())
        self._young += len(faults) - len(old)
        self._faults += old

    async def look_for_orphans(self) -> None:
        """Files and rows of assets that are gone, and files under names that no asset has."""
        batch: list[StoredFile] = []
        async for blob in _files(self._ctx, ROOT):
            batch.append(blob)
            if len(batch) == BATCH:
                self._faults += [fault async for fault in self._orphans(batch)]
                batch = []
        self._faults += [fault async for fault in self._orphans(batch)]
        for rows in await queries.orphaned_rows(self._ctx.db.main, self.before):
            self._faults.append(Fault(fault="orphaned", kind="rows", place=rows.table, asset_id=rows.asset_id))

    def report(self, on_disk: list[Fault]) -> Report:
        return Report(self._assets, self._files, self._bytes, self._young, [*self._faults, *on_disk])

    async def _stored(self, asset_id: AssetId) -> dict[str, StoredFile]:
        return {blob.key: blob async for blob in _files(self._ctx, asset_folder(asset_id))}

    async def _faults_of(self, asset_id: AssetId, stored: dict[str, StoredFile]) -> list[Fault]:
        db = self._ctx.db.main
        named = await named_files(db, [asset_id])
        if not named and asset_id not in await queries.assets_not_gone(db, [asset_id], self._ctx.now):
            return []  # deleted since
        faults = [*rules.of_wrong_size(named, stored), *rules.unnamed(asset_id, named, stored.values())]
        if any(file.key not in stored for file in named):
            faults += rules.absent(named, stored, await spare_chunks(db, asset_id, self._ctx.now))
        if self._deep:
            faults += [fault async for fault in self._of_wrong_hash(named, stored)]
        return faults

    async def _of_wrong_hash(self, named: list[NamedFile], stored: dict[str, StoredFile]) -> AsyncIterator[Fault]:
        for file in named:
            if file.key not in stored or file.size not in (None, stored[file.key].size):
                continue
            try:
                if not await has_content(self._ctx, file, stored[file.key].size):
                    yield rules.fault_of("wrong hash", file)
            except BlobMissing:
                continue  # it has gone meanwhile, or the second look finds it missing

    async def _orphans(self, batch: list[StoredFile]) -> AsyncIterator[Fault]:
        owners = {blob.key: asset_of(blob.key) for blob in batch}
        ids: list[UUID] = [owner for owner in owners.values() if owner]
        there = await queries.assets_not_gone(self._ctx.db.main, ids, self.before)
        for blob in batch:
            owner = owners[blob.key]
            if owner is None:
                yield Fault(fault="stray", kind="file", place=blob.key)
            elif owner not in there and blob.modified < self.before:
                yield Fault(fault="orphaned", kind="file", place=blob.key, asset_id=owner)
            elif owner not in there:
                self._young += 1


async def _files(ctx: Context, folder: str) -> AsyncIterator[StoredFile]:
    async for blob in ctx.blobs.list(folder):
        yield StoredFile(blob.key, blob.size, blob.modified)
