"""Whole presentations, encoded and packaged as the job graph does it, without the jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from octavo.kernel.media.encode import (
    AudioPiece,
    EncodedChunk,
    Rung,
    Sound,
    SourceInfo,
    encode_audio,
    encode_chunk,
    ladder,
    plan_chunks,
    planned_sounds,
    probe,
    sound_cap,
    video_cap,
)
from octavo.kernel.media.packaging import (
    Piece,
    Track,
    dash_manifest,
    hls_key_frames,
    hls_master,
    hls_media,
    join_pieces,
)


@dataclass(frozen=True)
class Presentation:
    folder: Path
    source: SourceInfo
    growing: list[Track]
    whole: list[Track]


async def every_chunk(film: Path, folder: Path, rungs: Sequence[Rung], source: SourceInfo) -> dict[str, list[Path]]:
    """The chunks of a film by rung, in order."""
    files: dict[str, list[Path]] = {rung.name: [] for rung in rungs}
    for span in plan_chunks(source):
        for name, chunk in (await encode_chunk(film, folder, span, rungs, source)).items():
            files[name].append(chunk.path)
    return files


async def a_presentation(film: Path, folder: Path, *, surround: bool = False) -> Presentation:
    """Every rung and every language: pieces, joined tracks, and their playlists written into `folder`."""
    source = await probe(film)
    growing, whole = [], []
    rungs = ladder(source)
    chunks: dict[str, list[EncodedChunk]] = {rung.name: [] for rung in rungs}
    for span in plan_chunks(source):
        for name, chunk in (await encode_chunk(film, folder, span, rungs, source)).items():
            chunks[name].append(chunk)
    rate = str(source.video.frame_rate)
    for rung in rungs:
        index = join_pieces([chunk.path for chunk in chunks[rung.name]], folder / f"{rung.name}.mp4")
        pieces = tuple(Piece(chunk.path.name, chunk.index) for chunk in chunks[rung.name])
        about = {"frame_rate": rate, "captions": source.video.captions}
        growing.append(Track(rung.name, pieces, video_cap(rung), ended=False, **about))  # type: ignore[arg-type]
        joined = (Piece(f"{rung.name}.mp4", index),)
        whole.append(Track(rung.name, joined, video_cap(rung), ended=True, **about))  # type: ignore[arg-type]
    for name, sound in planned_sounds(source, surround=surround).items():
        made = await sound_pieces(film, folder, sound, source)
        index = join_pieces([piece.path for piece in made], folder / f"{name}.mp4")
        beside = name.replace("surround", "audio") if sound.form != "stereo" else ""
        about = {"language": sound.language, "label": sound.label, "default": sound.default, "beside": beside}
        pieces = tuple(Piece(piece.path.name, piece.index) for piece in made)
        growing.append(Track(name, pieces, sound_cap(sound), ended=False, **about))  # type: ignore[arg-type]
        joined = (Piece(f"{name}.mp4", index),)
        whole.append(Track(name, joined, sound_cap(sound), ended=True, **about))  # type: ignore[arg-type]
    _write_manifests(folder, whole)
    return Presentation(folder, source, growing, whole)


async def audio_pieces(film: Path, folder: Path, n: int, source: SourceInfo) -> list[AudioPiece]:
    """Of the n-th track, in stereo."""
    return await sound_pieces(film, folder, planned_sounds(source)[f"audio-{n}"], source)


async def sound_pieces(film: Path, folder: Path, sound: Sound, source: SourceInfo) -> list[AudioPiece]:
    pieces: list[AudioPiece] = []

    async def keep(piece: AudioPiece) -> None:
        pieces.append(piece)

    await encode_audio(film, folder, sound, source, on_piece=keep)
    return pieces


def _write_manifests(folder: Path, tracks: Sequence[Track]) -> None:
    (folder / "master.m3u8").write_text(hls_master(tracks))
    (folder / "manifest.mpd").write_text(dash_manifest(tracks))
    for track in tracks:
        (folder / track.playlist_uri).write_text(hls_media(track))
        if track.kind == "video":
            (folder / track.key_frame_playlist_uri).write_text(hls_key_frames(track))
