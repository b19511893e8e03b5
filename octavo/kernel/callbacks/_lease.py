"""A runner's lease: one row, renewed every few seconds, on which all that it has in hand depends."""

from datetime import timedelta
from uuid import UUID

from octavo.kernel import clock
from octavo.kernel.callbacks._shards import QUEUE_SHARDS
from octavo.kernel.db import Database
from octavo.kernel.ids import new_id

BEAT_SECONDS = 2.0
ALIVE = timedelta(seconds=10)


class Lease:
    """`id` changes when others have taken us for dead: what was claimed under the old one is theirs."""

    def __init__(self, db: Database) -> None:
        self.id: UUID = new_id()
        self._db = db

    async def take(self) -> None:
        await self._db.execute(
            "INSERT INTO callbacks.runner (id, alive_until) VALUES ($1, $2)", self.id, clock.now() + ALIVE
        )

    async def renew(self) -> bool:
        """False when it was lost; there is a new one then."""
        if await self._db.execute(
            "UPDATE callbacks.runner SET alive_until = $2 WHERE id = $1", self.id, clock.now() + ALIVE
        ):
            return True
        self.id = new_id()
        await self.take()
        return False

    async def take_from_dead(self) -> int:
        """Free what runners held that are gone; how many callbacks."""
        await self._db.execute("DELETE FROM callbacks.runner WHERE alive_until < $1", clock.now())
        freed = 0
        for shard in QUEUE_SHARDS:
            freed += await self._db.execute(
                """
                UPDATE callbacks.delivery AS d SET lease = NULL /* fanout: of all owners */
                WHERE queue_shard = $1 AND lease IS NOT NULL
                  AND NOT EXISTS (SELECT FROM callbacks.runner AS r WHERE r.id = d.lease)
                """,
                shard,
            )
        return freed

    async def held(self) -> set[UUID]:
        """What the database says we have in hand."""
        held: set[UUID] = set()
        for shard in QUEUE_SHARDS:
            held |= set(
                await self._db.column(
                    """
                    SELECT id FROM callbacks.delivery /* fanout: the runner works for all owners */
                    WHERE queue_shard = $1 AND lease = $2
                    """,
                    shard,
                    self.id,
                )
            )
        return held

    async def let_go(self, ids: set[UUID]) -> None:
        """Give back what we do not have in hand after all: the answer to a claim was lost on its way."""
        for shard in QUEUE_SHARDS:
            await self._db.execute(
                """
                UPDATE callbacks.delivery SET lease = NULL /* fanout: the runner works for all owners */
                WHERE queue_shard = $1 AND lease = $2 AND id = ANY($3)
                """,
                shard,
                self.id,
                list(ids),
            )

    async def end(self) -> None:
        """Give back what is still in hand."""
        for shard in QUEUE_SHARDS:
            await self._db.execute(
                """
                UPDATE callbacks.delivery SET lease = NULL /* fanout: the runner works for all owners */
                WHERE queue_shard = $1 AND lease = $2
                """,
                shard,
                self.id,
            )
        await self._db.execute("DELETE FROM callbacks.runner WHERE id = $1", self.id)
