"""The key of an account's words. It hashes and never changes: with another key nothing would be found any more."""

import os
from uuid import UUID

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.kernel.secrets import seal, unseal

KEY_BYTES = 32
SECONDS_CACHED = 60.0
CONTEXT = "comms.search_key"  # what a sealed key is bound to, with the account's id


async def search_key(engines: Engines, account_id: UUID) -> bytes:
    """Made at the first use."""
    return await engines.cache.get_or_load(
        f"{CONTEXT}:{account_id}", lambda: _load(engines, account_id), ttl=SECONDS_CACHED
    )


async def _load(engines: Engines, account_id: UUID) -> bytes:
    context = f"{CONTEXT}:{account_id}"
    fresh = seal(engines.settings, os.urandom(KEY_BYTES), context=context)
    sealed: bytes = await engines.db.main.value(
        """
        INSERT INTO comms.search_key AS k (account_id, sealed_key, created_at) VALUES ($1, $2, $3)
        ON CONFLICT (account_id) DO UPDATE SET created_at = k.created_at RETURNING k.sealed_key
        """,
        account_id,
        fresh,
        now(),
    )
    return unseal(engines.settings, sealed, context=context)
