"""A row that cannot be worked on holds up no other: it is set aside, and its account and the log are told."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from octavo.kernel.db import Transaction
from octavo.kernel.refusals import Unavailable
from octavo.products.comms.monitor.actions import raise_alert

log = logging.getLogger("octavo.comms")
ASIDE = timedelta(minutes=10)  # then it is tried again: whatever was wrong may have been mended
FAULT = 20500
One = TypeVar("One")


async def one_by_one(
    some: Sequence[One], work: Callable[[One], Awaitable[None]], set_aside: Callable[[One], Awaitable[None]]
) -> None:
    """For what failed together: does `work` on each alone, and sets aside whatever fails again. Raises Unavailable."""
    for one in some:
        try:
            await work(one)
        except Unavailable:
            raise  # nobody's fault: the database is away
        except Exception:
            log.exception("This cannot be worked on, and is set aside for %s: %r", ASIDE, one)
            await set_aside(one)


async def tell_of_fault(tx: Transaction, account_id: UUID, resource_sid: str, at: datetime) -> None:
    """An alert in the account's debugger."""
    said = "Octavo failed over this and has set it aside. It tries again every ten minutes; its log says what is wrong."
    await raise_alert(tx, account_id, FAULT, at=at, resource_sid=resource_sid, said=said)
