"""One run of a job, as its handler sees it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

from octavo.kernel.db import Transaction
from octavo.kernel.jobs._job import LeaseLost
from octavo.kernel.jobs.rows import ClaimedJob

if TYPE_CHECKING:
    from octavo.kernel.context import Context


class Run:
    """Handlers that take long watch `lost`: the job was cancelled or taken over, or the worker stops.

    Returning means done. To stop early, raise: while `lost` is set, that counts neither as a start nor as a failure.
    """

    __slots__ = ("_claimed", "ctx", "finished", "id", "lost", "starts", "stopping")

    def __init__(self, claimed: ClaimedJob, ctx: Context) -> None:
        self._claimed = claimed
        self.id: UUID = claimed.id
        self.starts: int = claimed.starts
        self.ctx = ctx
        self.lost = asyncio.Event()
        self.stopping = False  # lost only because the worker ends: the lease is still ours to give back
        self.finished = False

    def check(self) -> None:
        """Raises LeaseLost when there is no use in going on."""
        if self.lost.is_set():
            raise LeaseLost(f"Run {self._claimed.starts} of {self._claimed.name} {self.id} is over.")

    async def hold(self, tx: Transaction) -> None:
        """Make `tx` part of this run: it can commit only while the job is ours, and nobody takes the job before that.

        Call it first in the transaction. Raises LeaseLost.
        """
        found = await tx.value(
            "SELECT id FROM jobs.job WHERE queue_shard = $1 AND id = $2 AND run_token = $3 FOR UPDATE",
            self._claimed.queue_shard,
            self._claimed.id,
            self._claimed.run_token,
        )
        self._still_ours(found is not None)

    async def finish(self, tx: Transaction) -> None:
        """Complete the job in `tx`, so that what `tx` does happens exactly once. Raises LeaseLost."""
        deleted = await tx.execute(
            "DELETE FROM jobs.job WHERE queue_shard = $1 AND id = $2 AND run_token = $3",
            self._claimed.queue_shard,
            self._claimed.id,
            self._claimed.run_token,
        )
        self._still_ours(deleted == 1)
        tx.after_commit(self._note_finished)

    def _note_finished(self) -> None:
        self.finished = True

    def _still_ours(self, ours: bool) -> None:
        if not ours:
            self.stopping = False
            self.lost.set()
            self.check()
