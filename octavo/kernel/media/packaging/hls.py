"""HLS playlists (RFC 8216) as pure functions of the rows: master, media (growing or whole) and key frames only."""

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction

from octavo.kernel.media.packaging.audio_groups import STEREO, audio_groups
from octavo.kernel.media.packaging.bitrates import average_rate, declared_rate, peak_rate, target_duration, text_rate
from octavo.kernel.media.packaging.captions import captions_attribute, captions_rendition
from octavo.kernel.media.packaging.key_signals import key_tags
from octavo.kernel.media.packaging.menu import SURROUND, menu_names, quotable
from octavo.kernel.media.packaging.rows import Piece, Segment, TextFile, Track

_HEAD = ["#EXTM3U", "#EXT-X-VERSION:7"]
_TEXT_GROUP = "text"


def hls_master(tracks: Sequence[Track], texts: Sequence[TextFile] = ()) -> str:
    """The master playlist: groups of audio, subtitles and captions, then the video renditions in the order given.

    They come once for each group of audio, with stereo first: players begin with what they know and find at the top.
    """
    video = [track for track in tracks if track.kind == "video"]
    groups = audio_groups(tracks)
    lines = [*_HEAD, "#EXT-X-INDEPENDENT-SEGMENTS"]
    for group, audio in groups.items():
        lines += _audio_renditions(group, audio, [track for track in groups[STEREO] if not track.beside])
    lines += [_subtitles(text, name) for text, name in zip(texts, menu_names(texts), strict=True)]
    lines += captions_rendition(tracks)
    for group, audio in groups.items() or [("", [])]:
        for track in video:
            variant = [*_variant(track, group, audio, texts), *captions_attribute(track, video)]
            lines += ["#EXT-X-STREAM-INF:" + ",".join(variant), track.playlist_uri]
    lines += [_key_frame_variant(track) for track in video if track.whole]
    return _text(lines)


def hls_media(track: Track) -> str:
    """The playlist of one rendition: VOD once it is one whole file, before that an EVENT that only ever grows."""
    kind = "VOD" if track.whole else "EVENT"
    lines = [*_HEAD, f"#EXT-X-TARGETDURATION:{target_duration(track)}", "#EXT-X-MEDIA-SEQUENCE:0"]
    lines += [f"#EXT-X-PLAYLIST-TYPE:{kind}", "#EXT-X-INDEPENDENT-SEGMENTS", *key_tags(track)]
    init = ""
    for piece in track.pieces:
        if piece.index.init_sha256 != init:
            init = piece.index.init_sha256
            lines.append(_map(piece))
        for segment in piece.index.segments:
            lines += _media_segment(piece, segment, segment.length)
    return _text([*lines, "#EXT-X-ENDLIST"] if track.ended else lines)


def hls_text(text: TextFile) -> str:
    """Subtitles as one segment as long as the film: they are small, and players look up the cues themselves."""
    lines = [*_HEAD, f"#EXT-X-TARGETDURATION:{max(1, math.ceil(text.seconds))}", "#EXT-X-MEDIA-SEQUENCE:0"]
    return _text([*lines, "#EXT-X-PLAYLIST-TYPE:VOD", f"#EXTINF:{text.seconds:.6f},", text.uri, "#EXT-X-ENDLIST"])


def hls_growing_text(text: TextFile, lead: Track) -> str:
    """Subtitles in the segments of a picture that still grows: a list that ends would end the film for players."""
    lines = [*_HEAD, f"#EXT-X-TARGETDURATION:{target_duration(lead)}", "#EXT-X-MEDIA-SEQUENCE:0"]
    lines.append("#EXT-X-PLAYLIST-TYPE:EVENT")
    for piece in lead.pieces:
        for segment in piece.index.segments:
            start, end = (
                round(ticks * 1000 / piece.index.timescale)
                for ticks in (segment.decode_time, segment.decode_time + segment.duration)
            )
            lines += [f"#EXTINF:{(end - start) / 1000:.3f},", text.part_uri(start, end)]
    return _text([*lines, "#EXT-X-ENDLIST"] if lead.ended else lines)


def hls_key_frames(track: Track) -> str:
    """The key frames of a finished video track, for scrubbing and fast play (RFC 8216, 4.3.3.6)."""
    lines = [*_HEAD, f"#EXT-X-TARGETDURATION:{target_duration(track)}", "#EXT-X-MEDIA-SEQUENCE:0"]
    lines += ["#EXT-X-PLAYLIST-TYPE:VOD", "#EXT-X-I-FRAMES-ONLY", *key_tags(track), _map(track.pieces[0])]
    for piece in track.pieces:
        for segment in piece.index.segments:
            lines += _media_segment(piece, segment, segment.key_frame_length)
    return _text([*lines, "#EXT-X-ENDLIST"])


def _map(piece: Piece) -> str:
    return f'#EXT-X-MAP:URI="{piece.uri}",BYTERANGE="{piece.index.init_length}@0"'


def _media_segment(piece: Piece, segment: Segment, length: int) -> list[str]:
    seconds = segment.duration / piece.index.timescale
    return [f"#EXTINF:{seconds:.6f},", f"#EXT-X-BYTERANGE:{length}@{segment.offset}", piece.uri]


def _variant(track: Track, group: str, audio: Sequence[Track], texts: Sequence[TextFile]) -> list[str]:
    index = track.pieces[0].index
    codecs = [index.codec, *sorted({sound.pieces[0].index.codec for sound in audio})]
    words = text_rate(texts)
    bandwidth = declared_rate(track) + max((declared_rate(sound) for sound in audio), default=0) + words
    attributes = [f"BANDWIDTH={bandwidth}"]
    if track.whole:
        attributes.append(f"AVERAGE-BANDWIDTH={average_rate(track) + max(map(average_rate, audio), default=0) + words}")
    attributes += [f"RESOLUTION={index.width}x{index.height}"]
    attributes += [f"FRAME-RATE={float(Fraction(track.frame_rate)):.3f}", f'CODECS="{",".join(codecs)}"']
    if track.video_range:
        attributes.append(f"VIDEO-RANGE={track.video_range}")
    if audio:
        attributes.append(f'AUDIO="{group}"')
    if texts:
        attributes.append(f'SUBTITLES="{_TEXT_GROUP}"')
    return attributes


def _key_frame_variant(track: Track) -> str:
    index = track.pieces[0].index
    rates = f"BANDWIDTH={peak_rate(track, key_frames=True)},AVERAGE-BANDWIDTH={average_rate(track, key_frames=True)}"
    picture = f'RESOLUTION={index.width}x{index.height},CODECS="{index.codec}"'
    if track.video_range:
        picture += f",VIDEO-RANGE={track.video_range}"
    return f'#EXT-X-I-FRAME-STREAM-INF:{rates},{picture},URI="{track.key_frame_playlist_uri}"'


def _audio_renditions(group: str, audio: Sequence[Track], stereo: Sequence[Track]) -> Iterator[str]:
    """Named and chosen as in stereo, by which players find the same language in another group.

    Surround sound that stands beside its stereo in one group is for the viewer to choose, not for the player.
    """
    chosen = next((track.name for track in stereo if track.default), "")
    names = dict(zip((track.name for track in stereo), menu_names(stereo), strict=True))
    for track in audio:
        plain = track.beside or track.name
        if group == STEREO and track.beside:
            yield _audio_rendition(group, track, f"{names[plain]} {SURROUND}", default=False, offered=False)
        else:
            yield _audio_rendition(group, track, names[plain], default=plain == chosen)


def _audio_rendition(group: str, track: Track, name: str, *, default: bool, offered: bool = True) -> str:
    attributes = ["TYPE=AUDIO", f'GROUP-ID="{group}"', f'NAME="{name}"']
    if track.language != "und":
        attributes.append(f'LANGUAGE="{quotable(track.language)}"')
    attributes += [f"DEFAULT={'YES' if default else 'NO'}", f"AUTOSELECT={'YES' if offered else 'NO'}"]
    attributes += [f'CHANNELS="{track.pieces[0].index.channels}"', f'URI="{track.playlist_uri}"']
    return "#EXT-X-MEDIA:" + ",".join(attributes)


def _subtitles(text: TextFile, name: str) -> str:
    attributes = ["TYPE=SUBTITLES", f'GROUP-ID="{_TEXT_GROUP}"', f'NAME="{name}"']
    if text.language != "und":
        attributes.append(f'LANGUAGE="{quotable(text.language)}"')
    attributes += ["DEFAULT=NO", "AUTOSELECT=YES", f"FORCED={'YES' if text.forced else 'NO'}"]
    return "#EXT-X-MEDIA:" + ",".join([*attributes, f'URI="{text.playlist_uri}"'])


def _text(lines: list[str]) -> str:
    return "\n".join([*lines, ""])
