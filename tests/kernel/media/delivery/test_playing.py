"""What a player gets: a playlist that grows and ends, then a whole version, and every byte that they promise."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import m3u8
import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import Bytes, FileRange
from octavo.kernel.media import (
    AssetView,
    NotPlayable,
    PosterChoice,
    delete_asset,
    playback,
    posters_of,
    progress_stream,
)
from octavo.kernel.media.delivery import progress
from octavo.kernel.media.delivery.routes import play_file, show_poster
from octavo.kernel.media.delivery.tokens import TokenRefused
from octavo.kernel.media.garbage.actions import collect_chunks
from octavo.kernel.media.processing.failing import fail_asset
from octavo.kernel.media.storyboard.queries import storyboard_of
from octavo.kernel.refusals import Gone, NotFound
from tests.kernel.media.house import a_person, eventually, settled, uploaded, view_of, working

pytestmark = pytest.mark.slow


async def fetched(ctx: Context, address: str) -> Bytes | FileRange:
    """What the play route answers, as for GET of the address."""
    _, _, token, asset_id, version, name = address.split("/", 5)
    return await play_file(ctx, token, UUID(asset_id), int(version), name)


async def text_of(ctx: Context, address: str) -> str:
    answer = await fetched(ctx, address)
    assert isinstance(answer, Bytes)
    return answer.body.decode()


async def every_piece(ctx: Context, master_url: str) -> dict[str, bool]:
    """Each media playlist of the master and whether it has ended, once all of its byte ranges are found to exist."""
    folder = master_url.rpartition("/")[0]
    master = m3u8.loads(await text_of(ctx, master_url))
    names = [item.uri for item in (*master.playlists, *master.media)]
    ended = {}
    for name in names:
        playlist = m3u8.loads(await text_of(ctx, f"{folder}/{name}"))
        assert playlist.segments
        for segment in playlist.segments:
            file = await fetched(ctx, f"{folder}/{segment.uri}")
            assert isinstance(file, FileRange)
            assert isinstance(file.source, Path)
            length, start = (int(number) for number in segment.byterange.split("@"))
            assert file.source.stat().st_size >= start + length
        ended[name] = playlist.is_endlist
    return ended


async def test_a_film_plays_while_it_grows_and_then_whole(engines: Engines, longer_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, longer_film)
    with pytest.raises(NotPlayable):
        await playback(ctx, asset_id)
    async with working(engines):
        await settled(ctx, asset_id, "playable")
        growing = await playback(ctx, asset_id)
        assert (growing.version, growing.dash_url) == (1, "")
        assert (await every_piece(ctx, growing.hls_url)).keys() == {"480p.m3u8", "audio-0.m3u8"}
        await settled(ctx, asset_id)
        await eventually(lambda: storyboard_of(ctx.db.main, asset_id))
        await eventually(lambda: frames_of(ctx, asset_id))
    assert all((await every_piece(ctx, growing.hls_url)).values())
    whole = await playback(ctx, asset_id)
    assert whole.version == 2
    ended = await every_piece(ctx, whole.hls_url)
    assert ended == dict.fromkeys(["480p.m3u8", "360p.m3u8", "240p.m3u8", "audio-0.m3u8"], True)
    assert "<MPD" in await text_of(ctx, whole.dash_url)
    await collect_and_look(ctx, asset_id, growing.hls_url, whole.hls_url)
    await delete_and_look(ctx, asset_id, whole.hls_url)


async def frames_of(ctx: Context, asset_id: UUID) -> list[PosterChoice] | None:
    return await posters_of(ctx.db.main, asset_id) or None


async def collect_and_look(ctx: Context, asset_id: UUID, growing_url: str, whole_url: str) -> None:
    """The growing version's files stay while its addresses work, and those that nobody was told of do not."""
    await collect_chunks(ctx, asset_id)
    kept = await ctx.db.main.column("SELECT DISTINCT rendition FROM media.chunk WHERE asset_id = $1", asset_id)
    assert sorted(kept) == ["480p", "audio-0"]
    await every_piece(ctx, growing_url)
    later = replace(ctx, now=ctx.now + timedelta(seconds=2 * ctx.settings.media.playback_lifetime))
    with pytest.raises(TokenRefused):
        await text_of(later, whole_url)
    await collect_chunks(later, asset_id)
    with pytest.raises(Gone):
        await text_of(ctx, growing_url)
    await every_piece(ctx, whole_url)
    stored = [blob.key async for blob in ctx.blobs.list(f"media/{asset_id}")]
    assert len(stored) == 1 + 3 + 4 + 1  # the source, the posters to choose from, the tracks and the storyboard


async def delete_and_look(ctx: Context, asset_id: UUID, url: str) -> None:
    poster = (await playback(ctx, asset_id)).poster_url.split("/")
    assert isinstance(await show_poster(ctx, asset_id, poster[-1]), FileRange)
    async with ctx.db.main.transaction() as tx:
        await delete_asset(ctx, tx, asset_id)
    with pytest.raises(NotFound):
        await text_of(ctx, url)
    with pytest.raises(NotFound):
        await show_poster(ctx, asset_id, poster[-1])


async def test_a_film_that_fails_while_it_plays_ends_where_it_is(engines: Engines, longer_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, longer_film)
    async with working(engines):
        await settled(ctx, asset_id, "playable")
        async with ctx.db.main.transaction() as tx:
            await fail_asset(ctx, tx, asset_id, "Something in the middle of it is broken.")
        view = await settled(ctx, asset_id)
    assert (view.state, view.failure) == ("failed", "Something in the middle of it is broken.")
    addresses = await playback(ctx, asset_id)
    assert all((await every_piece(ctx, addresses.hls_url)).values())


async def test_a_playlist_that_began_to_grow_only_ever_grows(engines: Engines, short_film: Path) -> None:
    """Also where the first piece turns out to be the only one (RFC 8216, 6.2.1)."""
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    async with working(engines):
        await settled(ctx, asset_id, "playable", "complete")
        await settled(ctx, asset_id)
    folder = (await playback(ctx, asset_id)).hls_url.rpartition("/2/")[0]
    playlist = await text_of(ctx, f"{folder}/1/360p.m3u8")
    assert "#EXT-X-PLAYLIST-TYPE:EVENT" in playlist
    assert playlist.endswith("#EXT-X-ENDLIST\n")


async def test_a_change_right_after_a_look_is_heard_of_as_well(
    engines: Engines, short_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look that is shared is older than the change, and nobody would look again for long."""
    for name, seconds in (("SHARED_SECONDS", 1.0), ("POLL_SECONDS", 3600.0), ("SETTLED_POLL_SECONDS", 3600.0)):
        monkeypatch.setattr(progress, name, seconds)
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    events = []
    async with asyncio.timeout(60):
        async for event in progress_stream(ctx, asset_id):
            events.append(event.event)
            if event.event == "progress":
                async with ctx.db.main.transaction() as tx:
                    await delete_asset(ctx, tx, asset_id)
    assert events == ["progress", "deleted"]


async def test_whoever_follows_along_hears_of_every_change_and_of_the_end(engines: Engines, short_film: Path) -> None:
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    states, events = [], []
    async with working(engines):
        async for event in progress_stream(ctx, asset_id):
            events.append(event.event)
            if event.event == "deleted":
                break
            assert isinstance(event.data, AssetView)
            states.append(event.data.state)
            if event.event == "manifest" and event.data.manifest_version == 2:
                assert event.data.hls_url
                assert event.data.dash_url
                async with ctx.db.main.transaction() as tx:
                    await delete_asset(ctx, tx, asset_id)
    assert events[0] == "progress"
    assert "manifest" in events
    assert events[-1] == "deleted"
    order = ["uploaded", "probing", "playable", "complete"]
    assert sorted(states, key=order.index) == states
    assert await view_of(ctx, asset_id) is None
