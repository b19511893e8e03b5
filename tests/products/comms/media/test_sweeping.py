"""Bytes without a row go, once nobody can be about to write it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from octavo.kernel.context import Context, Engines
from octavo.kernel.ids import new_id
from octavo.kernel.jobs import Run
from octavo.kernel.jobs.rows import ClaimedJob
from octavo.products.comms.account.rows import NewAccount
from octavo.products.comms.media.jobs import SweepMedia, sweep_media
from tests.products.comms.message.outgoing import a_message
from tests.products.comms.wire.twilio.api.test_media import a_stored


def a_run(ctx: Context) -> Run:
    fields = dict.fromkeys(ClaimedJob.__struct_fields__) | {"id": new_id(), "starts": 1, "name": "comms.sweep_media"}
    return Run(ClaimedJob(**fields), ctx)  # type: ignore[arg-type]


async def test_only_bytes_that_were_left_behind_go(
    engines: Engines, ctx: Context, acme: NewAccount, tmp_path: Path
) -> None:
    media = await a_stored(engines, await a_message(engines, acme), 0, tmp_path)
    orphan = f"comms/media/{acme.account.id.hex}/{new_id().hex}"
    await engines.blobs.put(orphan, b"left")
    await sweep_media.handler(a_run(ctx), SweepMedia())
    assert await engines.blobs.head(orphan)
    later = replace(ctx, now=ctx.now + timedelta(days=2))
    await sweep_media.handler(a_run(later), SweepMedia())
    assert await engines.blobs.head(orphan) is None
    assert await engines.blobs.head(media.key)
