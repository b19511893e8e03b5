"""Accounts for the tests of all rooms."""

from typing import Any

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.actions import create_account
from octavo.products.comms.account.rows import NewAccount


async def an_account(engines: Engines, name: str = "Acme", **others: Any) -> NewAccount:
    """An open account with its tokens in clear."""
    return await create_account(engines.context(now()), name=name, **others)
