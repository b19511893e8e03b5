"""What uploads may take: of a person's quota, and of the disk."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace as renewed

import pytest
from msgspec import structs

from octavo.kernel.context import Engines
from octavo.kernel.media.upload import actions, rules
from octavo.kernel.media.upload.rows import Quota, Upload
from octavo.kernel.refusals import StorageFull, TooLarge
from tests.kernel.media.house import TESTED, a_person
from tests.kernel.media.upload.test_receiving import CONTENT, opened, received, sent, stored


async def test_more_bytes_than_announced_are_refused_and_those_before_are_kept(engines: Engines) -> None:
    ctx = a_person(engines)
    upload = await opened(ctx, length=1000)
    with pytest.raises(TooLarge):
        await received(ctx, upload, CONTENT[:1001])
    with pytest.raises(TooLarge):
        await actions.receive(ctx, upload.asset_id, sent(CONTENT[:1001]), offset=0, announced=None)
    await received(ctx, upload, CONTENT[:1000])
    assert await stored(ctx, upload.asset_id) == CONTENT[:1000]


async def test_two_uploads_at_once_do_not_both_fit_into_the_last_of_a_quota(engines: Engines) -> None:
    media = type(engines.settings.media)(quota_bytes=1500)
    engines = renewed(engines, settings=type(engines.settings)(data_dir=engines.settings.data_dir, media=media))
    ctx = a_person(engines)
    outcomes = await asyncio.gather(opened(ctx, 1000), opened(ctx, 1000), return_exceptions=True)
    assert sum(isinstance(outcome, rules.QuotaReached) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Upload) for outcome in outcomes) == 1


async def test_a_person_may_have_a_quota_of_their_own(engines: Engines) -> None:
    ctx, other = a_person(engines), a_person(engines)
    assert ctx.actor.user_id is not None
    await actions.set_quota(ctx, ctx.actor.user_id, 1500)
    await opened(ctx, 1000)
    with pytest.raises(rules.QuotaReached):
        await opened(ctx, 1000)
    assert await actions.own_quota(ctx) == Quota(used=1000, allowed=1500)
    await opened(other, 10_000)
    await actions.set_quota(ctx, ctx.actor.user_id, None)
    await opened(ctx, 1000)


async def test_a_plain_form_beyond_the_quota_is_refused_before_a_byte_is_taken(engines: Engines) -> None:
    ctx = a_person(engines)
    assert ctx.actor.user_id is not None
    await actions.set_quota(ctx, ctx.actor.user_id, 100_000)

    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("a byte was asked for")
        yield b""

    with pytest.raises(rules.QuotaReached):
        await actions.receive_whole(ctx, never(), "film.mp4", TESTED.name, announced=200_000)


async def test_many_uploads_at_once_do_not_fill_the_disk(engines: Engines) -> None:
    """Each fitted when it was announced; what the others have brought meanwhile counts as well."""
    ctx = a_person(engines)
    upload = await opened(ctx)
    media = structs.replace(ctx.settings.media, free_disk_bytes=1 << 60)
    full = renewed(ctx, engines=renewed(engines, settings=structs.replace(ctx.settings, media=media)))
    with pytest.raises(StorageFull):
        await received(full, upload, CONTENT)
    assert (await actions.standing(ctx, upload.asset_id)).received == 0
    await received(ctx, upload, CONTENT)
