"""A message that goes takes its files along, those too that are only just being kept."""

import asyncio
from pathlib import Path

from octavo.kernel.clock import now
from octavo.kernel.context import Engines
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.media.queries import media_of, used_bytes
from octavo.products.comms.message.actions import cancel_message, delete_message
from tests.harness.locks import until_waiting
from tests.products.comms.message.outgoing import a_message
from tests.products.comms.wire.twilio.api.test_media import a_stored


async def test_files_that_are_kept_while_their_message_is_deleted_go_with_it(
    engines: Engines, acme: NewAccount, tmp_path: Path
) -> None:
    message = await a_message(engines, acme)
    await cancel_message(engines.context(now()), acme.account, message.id)
    async with engines.db.main.transaction() as tx:
        await tx.execute("LOCK TABLE comms.media_usage IN EXCLUSIVE MODE")
        keeping = asyncio.create_task(a_stored(engines, message, 0, tmp_path))
        await until_waiting(engines, 1)
        deleting = asyncio.create_task(delete_message(engines.context(now()), acme.account, message.id))
        await until_waiting(engines, 2)
    kept, _ = await asyncio.gather(keeping, deleting)
    assert await media_of(engines.db.main, acme.account.id, message.id) == []
    assert await used_bytes(engines.db.main, acme.account.id) == 0
    assert await engines.blobs.head(kept.key) is None
