"""A film that is complete goes on: its further variants are encoded, joined, and published beside the others."""

import io
from dataclasses import replace
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree

import m3u8
import pytest

from octavo.kernel.context import Context, Engines
from octavo.kernel.media import playback
from octavo.kernel.media.delivery.routes import play_file
from octavo.kernel.media.export.queries import tracks_of
from octavo.kernel.media.garbage.actions import collect_chunks
from octavo.kernel.media.renewal.actions import encode_anew
from tests.kernel.media.films import a_film, decode_errors
from tests.kernel.media.house import a_person, eventually, settled, uploaded, working

pytestmark = pytest.mark.slow


def in_all_codecs(engines: Engines) -> Engines:
    settings = engines.settings
    media = type(settings.media)(further_codecs=("av1", "vp9"))
    return replace(engines, settings=settings.__replace__(media=media))


async def text_of(ctx: Context, address: str) -> str:
    _, _, token, asset_id, version, name = address.split("/", 5)
    answer = await play_file(ctx, token, UUID(asset_id), int(version), name)
    return answer.body.decode()  # type: ignore[union-attr]


async def all_published(ctx: Context, asset_id: UUID) -> bool | None:
    sql = """
        SELECT true FROM media.asset a
        JOIN media.manifest m ON m.asset_id = a.asset_id AND m.version = a.manifest_version
        WHERE a.asset_id = $1 AND a.state = 'complete' AND 3 = (
            SELECT count(DISTINCT codec) FROM media.rendition r
            WHERE r.asset_id = a.asset_id AND r.kind = 'video' AND r.rendition = ANY(m.renditions)
        )
    """
    return await ctx.db.main.value(sql, asset_id)


async def test_av1_and_vp9_come_besides_once_the_film_is_complete(engines: Engines, tmp_path: Path) -> None:
    engines = in_all_codecs(engines)
    ctx = a_person(engines)
    asset_id = await uploaded(ctx, a_film(tmp_path / "film.mp4", seconds=1.5, size="160x90"))
    async with working(engines):
        complete = await settled(ctx, asset_id)
        await collect_chunks(ctx, asset_id)  # takes none that is still to be encoded or joined
        await eventually(lambda: all_published(ctx, asset_id))
        addresses = await playback(ctx, asset_id)
        assert addresses.version > complete.manifest_version
        await _look_at_the_manifests(ctx, addresses.hls_url, addresses.dash_url)
        assert {track.name for track in await tracks_of(ctx.db.main, asset_id)} == {"90p", "audio-0"}
        await encode_anew(ctx, asset_id)
        await eventually(lambda: all_published(ctx, asset_id))
    sql = "SELECT key FROM media.rendition WHERE asset_id = $1 AND position >= 0"
    keys = await ctx.db.main.column(sql, asset_id)
    assert len(keys) == 4
    assert {decode_errors(ctx.blobs.local_path(key)) for key in keys} == {""}


async def _look_at_the_manifests(ctx: Context, hls_url: str, dash_url: str) -> None:
    master = m3u8.loads(await text_of(ctx, hls_url))
    codecs = [variant.stream_info.codecs.split(".")[0] for variant in master.playlists]
    assert codecs == ["avc1", "av01", "vp09"]
    mpd = ElementTree.parse(io.StringIO(await text_of(ctx, dash_url)))
    space = "{urn:mpeg:dash:schema:mpd:2011}"
    sets = [one for one in mpd.iter(f"{space}AdaptationSet") if one.get("contentType") == "video"]
    described = [{rung.get("codecs", "")[:4] for rung in one.iter(f"{space}Representation")} for one in sets]
    assert described[:3] == [{"avc1"}, {"av01"}, {"vp09"}]
    numbers = [one.get("id") for one in mpd.iter(f"{space}AdaptationSet")]
    assert len(set(numbers)) == len(numbers)
