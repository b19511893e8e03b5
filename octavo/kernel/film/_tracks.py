"""Reads a container's tracks into rows: what a viewer will see and hear, whatever the file calls it."""

from contextlib import suppress
from fractions import Fraction
from itertools import islice
from typing import Any

import av
from av.container import InputContainer
from av.sidedata.sidedata import Type
from av.stream import Stream
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from octavo.kernel.film.languages import language_tag
from octavo.kernel.film.rows import AudioTrack, Chapter, FrameRate, TextTrack, VideoTrack

_STANDARD_RATES = [
    Fraction(10), Fraction(12), Fraction(15), Fraction(24000, 1001), Fraction(24), Fraction(25),
    Fraction(30000, 1001), Fraction(30), Fraction(48), Fraction(50), Fraction(60000, 1001), Fraction(60),
]  # fmt: skip
_FASTEST = Fraction(60)
_SLOWEST = Fraction(1)  # a slide show repeats its frames, so that segments keep their length
_VARIABLE_FLOOR = Fraction(30)  # a screen recording may idle at 5 frames a second and then scroll at 60
_TRANSFERS = {16: "pq", 18: "hlg"}  # ITU-T H.273, table 3
_PACKETS_TRIED = 500
_FRAMES_ASKED = 3  # for captions: who has them sends them, or room for them, with every picture
_TEXT_CODECS = ("subrip", "srt", "webvtt", "mov_text", "ass", "ssa", "text")  # others are pictures of text
_MOST_LANGUAGES = 32  # each is a pass over the whole film, also where a hostile file announces thousands


class NoPicture(Exception):
    """The message says why there is nothing to show."""


def film_stream(container: InputContainer) -> VideoStream:
    """The moving picture of the file; cover art does not count."""
    streams = [stream for stream in container.streams.video if not _is_cover(stream)]
    if not streams:
        sound = bool(container.streams.audio)
        raise NoPicture("This file has sound but no picture." if sound else "There is no film in this file.")
    known = [stream for stream in streams if stream.codec_context]
    if not known:
        raise NoPicture("The picture in this file is in a format that is not known here.")
    return max(known, key=lambda stream: stream.width * stream.height)


def first_frame(container: InputContainer, stream: VideoStream) -> VideoFrame:
    """The first frame that a viewer would see: the proof that the picture can be decoded at all."""
    for tried, packet in enumerate(container.demux(stream)):
        with suppress(av.error.FFmpegError):
            for frame in packet.decode():
                return frame
        if tried > _PACKETS_TRIED:
            break
    name = stream.codec_context.name
    raise NoPicture(f"The picture in this file ({name}) cannot be decoded: it is damaged, encrypted or not supported.")


def has_captions(container: InputContainer, stream: VideoStream, first: VideoFrame) -> bool:
    """Whether the picture carries closed captions. It reads on behind the first frame."""
    frames = [first]
    with suppress(av.error.FFmpegError):
        # Bounded by packets of all tracks: the next picture of a slide show may be far away.
        for packet in islice(container.demux(), _PACKETS_TRIED):
            if packet.stream_index == stream.index:
                frames += [frame for frame in packet.decode() if isinstance(frame, VideoFrame)]
            if len(frames) >= _FRAMES_ASKED:
                break
    return any(Type.A53_CC in frame.side_data for frame in frames)


def video_track(stream: VideoStream, frame: VideoFrame, start: float, *, captions: bool) -> VideoTrack:
    rotation = round(-frame.rotation / 90) * 90 % 360
    aspect = stream.sample_aspect_ratio or Fraction(1)
    if not Fraction(1, 10) <= aspect <= 10:
        aspect = Fraction(1)
    width, height = round(frame.width * aspect), frame.height
    if rotation in (90, 270):
        width, height = height, width
    rate, variable = _frame_rate(stream)
    return VideoTrack(
        index=stream.index,
        codec=stream.codec_context.name,
        width=width,
        height=height,
        frame_rate=FrameRate(rate.numerator, rate.denominator),
        variable_rate=variable,
        start=start,
        rotation=rotation,
        pixel_aspect=f"{aspect.numerator}:{aspect.denominator}",
        bit_depth=max(component.bits for component in frame.format.components),
        hdr=_TRANSFERS.get(int(frame.color_trc), ""),  # type: ignore[arg-type]
        interlaced=bool(frame.interlaced_frame),
        captions=captions,
    )


def audio_tracks(container: InputContainer) -> tuple[AudioTrack, ...]:
    """The first tracks that can be decoded; one of them is the default."""
    decodable = (stream for stream in container.streams.audio if stream.codec_context and stream.codec_context.channels)
    usable = list(islice(decodable, _MOST_LANGUAGES))
    chosen = next((stream for stream in usable if _flag(stream, "default")), usable[0] if usable else None)
    return tuple(
        AudioTrack(
            index=stream.index,
            codec=stream.codec_context.name,
            language=language_tag(stream.metadata.get("language", "")),
            title=stream.metadata.get("title", "")[:200],
            channels=stream.codec_context.channels,
            sample_rate=stream.codec_context.sample_rate,
            start=start_of(stream),
            default=stream is chosen,
        )
        for stream in usable
    )


def text_tracks(container: InputContainer) -> tuple[TextTrack, ...]:
    """The first tracks of subtitles that are text."""
    textual = (s for s in container.streams.subtitles if s.codec_context and s.codec_context.name in _TEXT_CODECS)
    return tuple(
        TextTrack(
            index=stream.index,
            codec=stream.codec_context.name,
            language=language_tag(stream.metadata.get("language", "")),
            title=stream.metadata.get("title", "")[:200],
            forced=_flag(stream, "forced"),
        )
        for stream in islice(textual, _MOST_LANGUAGES)
    )


def chapters(container: InputContainer) -> tuple[Chapter, ...]:
    return tuple(
        Chapter(
            start=float(chapter["start"] * (chapter["time_base"] or 0)),
            end=float(chapter["end"] * (chapter["time_base"] or 0)),
            title=chapter.get("metadata", {}).get("title", "")[:200],
        )
        for chapter in container.chapters()[:500]
    )


def time_base(stream: Stream) -> Fraction:
    return stream.time_base or Fraction(1, av.time_base)


def start_of(stream: Stream) -> float:
    """Where a track says that it begins, in seconds on the source's clock."""
    return float((stream.start_time or 0) * time_base(stream))


def _frame_rate(stream: VideoStream) -> tuple[Fraction, bool]:
    """The rate of the film's frame grid, and whether the source keeps to it.

    A constant rate is kept as it is, above 60 halved, below 1 doubled. A variable one is shown on the grid it aims at
    when that is plausible, else on the nearest standard grid that holds its average and about 30 frames a second, so
    that every frame keeps its moment to within half a grid step.
    """
    average, guessed = stream.average_rate or Fraction(0), stream.guessed_rate or stream.base_rate or Fraction(0)
    rate = guessed or average or Fraction(25)
    if average and not Fraction(98, 100) <= rate / average <= Fraction(102, 100):
        wanted = rate if max(average, _VARIABLE_FLOOR) <= rate <= _FASTEST else max(average, _VARIABLE_FLOOR)
        return next((grid for grid in _STANDARD_RATES if grid >= wanted * Fraction(9995, 10000)), _FASTEST), True
    while rate > _FASTEST * Fraction(1001, 1000):
        rate /= 2
    while rate < _SLOWEST:
        rate *= 2
    near = min(_STANDARD_RATES, key=lambda standard: abs(standard - rate))
    if abs(near - rate) <= rate / 2000:
        return near, False
    return rate.limit_denominator(1001), False


def _is_cover(stream: VideoStream) -> bool:
    return _flag(stream, "attached_pic") or _flag(stream, "timed_thumbnails")


def _flag(stream: Any, name: str) -> bool:
    return bool(stream.disposition & getattr(av.stream.Disposition, name))
