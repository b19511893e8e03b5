"""How many calls an account may make in a second, over all web processes together.

Each process takes a twentieth of a second's calls at a time from the database, so that the count costs little where
there are many calls, and is exact to that twentieth.
"""

import asyncio
from uuid import UUID
from weakref import WeakKeyDictionary

from octavo.kernel.context import Context, Engines
from octavo.products.comms.codes import CommsRefusal

# A call that comes late, when another has begun the next second already, counts in that one.
_TAKE = """
    INSERT INTO comms.request_rate AS r (account_id, second, taken) VALUES ($1, $2, $3)
    ON CONFLICT (account_id) DO UPDATE SET
        taken = CASE WHEN r.second IN ($2, $2 + 1) THEN r.taken + $3 ELSE $3 END,
        second = CASE WHEN r.second = $2 + 1 THEN r.second ELSE $2 END
    RETURNING taken
"""


class _Lease:
    """What this process may still let through in one second."""

    __slots__ = ("left", "lock", "second")

    def __init__(self) -> None:
        self.second, self.left = 0, 0
        self.lock = asyncio.Lock()

    def current(self, second: int) -> int:
        """A call that came at the end of the last second counts in this one, if another has begun it already."""
        return self.second if self.second == second + 1 else second


# One table per set of engines: tests have several in one process.
_leases: WeakKeyDictionary[object, dict[UUID, _Lease]] = WeakKeyDictionary()


async def count_call(ctx: Context, account_id: UUID, most: int) -> None:
    """Raises CommsRefusal 20429 past `most` calls in this second."""
    lease = _lease_of(ctx.engines, account_id)
    second = lease.current(int(ctx.now.timestamp()))
    if lease.second == second and lease.left > 0:
        lease.left -= 1
        return
    async with lease.lock:
        second = lease.current(second)
        if lease.second != second or lease.left <= 0:
            share = max(1, most // 20)
            taken: int = await ctx.db.main.value(_TAKE, account_id, second, share)
            lease.second, lease.left = second, min(share, most - (taken - share))
        if lease.left <= 0:
            raise CommsRefusal(20429, "Too Many Requests", retry_after=1)
        lease.left -= 1


def _lease_of(engines: Engines, account_id: UUID) -> _Lease:
    of_process = _leases.setdefault(engines.db.main, {})
    lease = of_process.get(account_id)
    if lease is None:
        if len(of_process) >= 10_000:
            of_process.clear()
        lease = of_process[account_id] = _Lease()
    return lease
