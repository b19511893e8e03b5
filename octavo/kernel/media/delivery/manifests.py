"""Manifests, rendered from the rows of one version: growing ones change with its pieces, whole ones with subtitles."""

from collections.abc import Callable, Sequence
from typing import Literal

from msgspec.structs import replace

from octavo.kernel.cache import Cache
from octavo.kernel.db import Queryable
from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.chapters.queries import chapters_of
from octavo.kernel.media.chapters.webvtt import webvtt_chapters
from octavo.kernel.media.delivery import queries
from octavo.kernel.media.delivery.rows import DeliveredRendition, Presentation
from octavo.kernel.media.encode import sound_cap, video_cap
from octavo.kernel.media.packaging import (
    Piece,
    TextFile,
    Track,
    dash_manifest,
    hls_growing_text,
    hls_key_frames,
    hls_master,
    hls_media,
    hls_text,
    webvtt_storyboard,
)
from octavo.kernel.media.processing.queries import stored_chunks
from octavo.kernel.media.storyboard.queries import storyboard_of
from octavo.kernel.media.subtitles.queries import subtitles_of
from octavo.kernel.refusals import NotFound

MEDIA_TYPES = {".m3u8": "application/vnd.apple.mpegurl", ".mpd": "application/dash+xml", ".vtt": "text/vtt"}
STORYBOARD, CHAPTERS = "storyboard.vtt", "chapters.vtt"
CACHED_SECONDS = 600.0
CAPTIONED_CODEC = "h264"  # the encoders of others leave captions out
VIDEO_RANGES: dict[str, Literal["", "PQ", "HLG"]] = {"": "", "pq": "PQ", "hlg": "HLG"}


async def manifest_text(db: Queryable, cache: Cache, asset_id: AssetId, version: int, name: str) -> str:
    """The manifest called `name` as it is now; what was rendered is kept while the rows behind it stay the same."""
    presentation = await queries.find_presentation(db, asset_id, version)
    if name == CHAPTERS:
        return webvtt_chapters(await chapters_of(db, asset_id), presentation.source.duration)
    grown = presentation.grown

    async def render() -> str:
        board = await storyboard_of(db, asset_id) if presentation.form == "whole" else None
        if name == STORYBOARD:
            return webvtt_storyboard(board)
        tracks, texts = await _tracks(db, presentation), await _texts(db, presentation)
        if name == "manifest.mpd" and presentation.form == "whole":
            return dash_manifest(tracks, texts, board)
        return _render(presentation, tracks, texts, name)

    return await cache.get_or_load(f"media.manifest:{asset_id}@{version}:{grown}:{name}", render, ttl=CACHED_SECONDS)


def _render(presentation: Presentation, tracks: Sequence[Track], texts: Sequence[TextFile], name: str) -> str:
    if name == "master.m3u8":
        return hls_master(tracks, texts)
    for text in texts:
        if name == text.playlist_uri:
            return hls_text(text) if presentation.form == "whole" else hls_growing_text(text, tracks[0])
    for track in tracks:
        writers: dict[str, Callable[[Track], str]] = {track.playlist_uri: hls_media}
        if track.kind == "video" and presentation.form == "whole":
            writers[track.key_frame_playlist_uri] = hls_key_frames
        if name in writers:
            return writers[name](track)
    raise NotFound("There is no such playlist here.")


async def _tracks(db: Queryable, presentation: Presentation) -> list[Track]:
    rows = await queries.delivered_renditions(db, presentation)
    # Players take one ended playlist for the end of the whole film, so those of a version end together. After a
    # failure nothing more will come, and players should not wait for it.
    ended = presentation.state == "failed" or all(row.state != "encoding" for row in rows)
    stereo = {row.sound.index: row.rendition for row in rows if row.kind == "audio" and row.sound.form == "stereo"}
    tracks = []
    for row in rows:
        beside = stereo.get(row.sound.index, "") if row.kind == "audio" else ""
        track = await _track(db, presentation, row, ended=ended)
        tracks.append(replace(track, key_id=row.key_id, beside=beside if beside != track.name else ""))
    return tracks


async def _texts(db: Queryable, presentation: Presentation) -> list[TextFile]:
    seconds = presentation.source.duration
    found = await subtitles_of(db, presentation.asset_id)
    return [TextFile(one.name, one.language, one.label, seconds, one.bytes, one.forced) for one in found]


async def _track(db: Queryable, presentation: Presentation, row: DeliveredRendition, *, ended: bool) -> Track:
    if presentation.form == "whole":
        assert row.track_index is not None, "a whole version lists joined tracks only"
        pieces: tuple[Piece, ...] = (Piece(f"{row.rendition}.mp4", row.track_index),)
        ended = True
    else:
        chunks = await stored_chunks(db, presentation.asset_id, row.rendition)
        pieces = tuple(Piece(f"{row.rendition}/{chunk.n:04}.mp4", chunk.track_index) for chunk in chunks)
    grows = presentation.form == "growing"
    if row.kind == "video":
        source = presentation.source.video
        return Track(
            row.rendition, pieces, video_cap(row.rung), ended,
            frame_rate=str(source.frame_rate), video_range=VIDEO_RANGES[row.rung.hdr], grows=grows,
            captions=row.rung.codec == CAPTIONED_CODEC and source.captions,
        )  # fmt: skip
    sound = row.sound
    return Track(
        row.rendition, pieces, sound_cap(sound), ended,
        language=sound.language, label=sound.label, default=sound.default, grows=grows,
    )  # fmt: skip
