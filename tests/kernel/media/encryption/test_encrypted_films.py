"""A film that is encrypted from its first piece on: what lies in the store, what players are told, who gets a key."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from octavo.kernel.blobs import BlobMissing
from octavo.kernel.context import Context, Engines
from octavo.kernel.ids import new_id
from octavo.kernel.media import playback, request_export
from octavo.kernel.media.delivery.routes import play_file
from octavo.kernel.media.encryption.actions import forget_unused_keys, plan_encryption
from octavo.kernel.media.encryption.licences import licence_for
from octavo.kernel.media.encryption.queries import content_key
from octavo.kernel.media.export.rules import FilmEncrypted
from octavo.kernel.media.garbage.actions import collect_chunks, collect_replaced
from octavo.kernel.media.renewal.actions import encode_anew
from octavo.kernel.refusals import BadRequest, NotFound
from tests.kernel.media.house import a_person, eventually, settled, uploaded, working

pytestmark = pytest.mark.slow


def encrypting(engines: Engines) -> Engines:
    settings = engines.settings
    media = type(settings.media)(encryption="clear-key")
    return replace(engines, settings=settings.__replace__(media=media))


async def keys_of(ctx: Context, asset_id: UUID) -> list[UUID]:
    sql = "SELECT key_id FROM media.content_key WHERE asset_id = $1 ORDER BY key_id"
    return await ctx.db.main.column(sql, asset_id)


async def stored_films(ctx: Context, asset_id: UUID) -> dict[str, bytes]:
    """What lies in the store of its pieces and tracks."""
    keys = [blob.key async for blob in ctx.blobs.list(f"media/{asset_id}")]
    found = {}
    for key in keys:
        if "/chunk/" in key or "/track/" in key:
            with suppress(BlobMissing):  # chunks of which a track was joined are being collected
                async with ctx.blobs.local_copy(key) as path:
                    found[key] = path.read_bytes()
    return found


async def text_of(ctx: Context, address: str) -> str:
    _, _, token, asset_id, version, name = address.split("/", 5)
    answer = await play_file(ctx, token, UUID(asset_id), int(version), name)
    return answer.body.decode()  # type: ignore[union-attr]


def asked(*ids: UUID) -> bytes:
    kids = [urlsafe_b64encode(key_id.bytes).decode().rstrip("=") for key_id in ids]
    return json.dumps({"kids": kids, "type": "temporary"}).encode()


async def storyboard_drawn(ctx: Context, asset_id: UUID) -> bool | None:
    return await ctx.db.main.value("SELECT true FROM media.storyboard WHERE asset_id = $1", asset_id)


async def test_an_encrypted_film_is_encrypted_from_its_first_piece_on(engines: Engines, short_film: Path) -> None:
    engines = encrypting(engines)
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, short_film)
    async with working(engines):
        assert (await settled(ctx, asset_id)).state == "complete"
        await eventually(lambda: storyboard_drawn(ctx, asset_id))
        (key_id,) = await keys_of(ctx, asset_id)
        addresses = await playback(ctx, asset_id)
        await _look_at_the_store(ctx, asset_id)
        await _look_at_the_manifests(ctx, addresses.hls_url, addresses.dash_url, key_id)
        await _ask_for_licences(ctx, asset_id, key_id)
        with pytest.raises(FilmEncrypted):
            await request_export(ctx, asset_id, "360p.mp4")
        await encode_anew(ctx, asset_id, encryption="none")
        await settled(ctx, asset_id)
    later = replace(ctx, now=ctx.now + timedelta(seconds=2 * ctx.settings.media.playback_lifetime))
    await collect_chunks(later, asset_id)
    await collect_replaced(later, asset_id)
    assert await keys_of(ctx, asset_id) == []
    assert (await playback(ctx, asset_id)).licence_url == ""
    assert not any(b"tenc" in content for content in (await stored_films(ctx, asset_id)).values())


async def _look_at_the_store(ctx: Context, asset_id: UUID) -> None:
    films = await stored_films(ctx, asset_id)
    assert len(films) > 3
    assert all(b"tenc" in content and b"senc" in content for content in films.values())


async def _look_at_the_manifests(ctx: Context, hls_url: str, dash_url: str, key_id: UUID) -> None:
    folder = hls_url.rpartition("/")[0]
    growing = f"{folder.rpartition('/')[0]}/1"
    for playlist in (f"{folder}/360p.m3u8", f"{folder}/360p-keyframes.m3u8", f"{growing}/audio-0.m3u8"):
        text = await text_of(ctx, playlist)
        assert f'#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,URI="{key_id}.key",KEYFORMAT="identity"' in text
        assert text.index("#EXT-X-KEY") < text.index("#EXT-X-MAP")
    mpd = await text_of(ctx, dash_url)
    assert mpd.count(f'cenc:default_KID="{key_id}"') == 2
    key = await content_key(ctx, dash_asset(dash_url), key_id)
    _, _, token, asset_id, version, _ = dash_url.split("/", 5)
    given = await play_file(ctx, token, UUID(asset_id), int(version), f"{key_id}.key")
    assert given.body == key.secret  # type: ignore[union-attr]


def dash_asset(address: str) -> UUID:
    return UUID(address.split("/")[3])


async def _ask_for_licences(ctx: Context, asset_id: UUID, key_id: UUID) -> None:
    licence = await licence_for(ctx, asset_id, asked(key_id))
    assert urlsafe_b64decode(licence.keys[0].kid + "==") == key_id.bytes
    assert urlsafe_b64decode(licence.keys[0].k + "==") == (await content_key(ctx, asset_id, key_id)).secret
    for other_film, other_key in ((asset_id, new_id()), (new_id(), key_id)):
        with pytest.raises(NotFound):
            await licence_for(ctx, other_film, asked(other_key))
    sealed = await ctx.db.main.value("SELECT sealed FROM media.content_key WHERE asset_id = $1", asset_id)
    assert (await content_key(ctx, asset_id, key_id)).secret not in sealed
    for nonsense in (b"", b"{}", b'{"kids": []}', b'{"kids": ["?"]}', b"[" * 5000, asked(*[key_id] * 30)):
        with pytest.raises(BadRequest):
            await licence_for(ctx, asset_id, nonsense)


async def test_each_encoding_has_a_key_of_its_own_which_goes_with_it(engines: Engines, short_film: Path) -> None:
    ctx = a_person(encrypting(engines))
    asset_id = await uploaded(ctx, short_film)
    async with ctx.db.main.transaction() as tx:
        await plan_encryption(ctx, tx, asset_id)
        await plan_encryption(ctx, tx, asset_id)
    ids = await keys_of(ctx, asset_id)
    secrets = [(await content_key(ctx, asset_id, key_id)).secret for key_id in ids]
    assert (len({*ids}), len({*secrets}), {len(secret) for secret in secrets}) == (2, 2, {16})
    async with ctx.db.main.transaction() as tx:
        await forget_unused_keys(tx, asset_id)
    assert await keys_of(ctx, asset_id) == []
