"""Inspects one uploaded film and prints what it found as JSON: run as a child, since uploads are hostile to parsers.

`python -m octavo.kernel.film._inspection FILE` prints {"source": ...} or {"refusal": "a sentence"}.
"""

import sys
from pathlib import Path

import av
import msgspec
from av.container import InputContainer
from av.video.stream import VideoStream

from octavo.kernel.film._completeness import missing_part
from octavo.kernel.film._cuts import find_cuts
from octavo.kernel.film._tracks import (
    NoPicture,
    audio_tracks,
    chapters,
    film_stream,
    first_frame,
    has_captions,
    start_of,
    text_tracks,
    time_base,
    video_track,
)
from octavo.kernel.film.formats import FILM_FORMATS, MOST_PIXELS, SEEKABLE_FORMATS
from octavo.kernel.film.rows import Inspection, SourceInfo

_LONGEST = 48 * 3600.0
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"BM", b"II*\0", b"MM\0*")
_UNREADABLE = "This is not a film that can be read here. Films end in .mp4, .mov, .mkv, .webm or .avi, for example."


def inspect(path: Path) -> Inspection:
    size = path.stat().st_size
    if size == 0:
        return Inspection(refusal="The file is empty.")
    with path.open("rb") as file:
        head = file.read(12)
    if head.startswith(_PICTURES) or head[8:12] == b"WEBP":
        return Inspection(refusal="This is a picture, not a film.")
    if missing := missing_part(path):
        return Inspection(refusal=missing)
    try:
        with av.open(str(path), options=_options(), metadata_errors="replace") as container:
            return Inspection(source=_source(container, path, size))
    except NoPicture as reason:
        return Inspection(refusal=str(reason))
    except (av.error.FFmpegError, ValueError, OverflowError):
        return Inspection(refusal=_UNREADABLE)


def _source(container: InputContainer, path: Path, size: int) -> SourceInfo:
    stream = film_stream(container)
    stream.thread_type = "NONE"
    frame = first_frame(container, stream)
    if frame.width * frame.height > MOST_PIXELS:
        raise NoPicture(f"The picture is {frame.width}x{frame.height}, which is more than can be encoded here.")
    start = float(frame.time) if frame.time is not None else start_of(stream)
    video = video_track(stream, frame, start, captions=has_captions(container, stream, frame))
    duration = _duration(container, stream, path, start)
    duration = min(max(duration, 1 / float(video.frame_rate.fraction)), _LONGEST)
    name = container.format.name.split(",")[0]
    cuts = find_cuts(container, stream, start=start, duration=duration) if name in SEEKABLE_FORMATS else ()
    return SourceInfo(
        container=name,
        duration=duration,
        size=size,
        video=video,
        audio=audio_tracks(container),
        cuts=cuts,
        chapters=chapters(container),
        texts=text_tracks(container),
    )


def _duration(container: InputContainer, stream: VideoStream, path: Path, start: float) -> float:
    """Seconds from the first frame on: what the track says, else the container, else a read of the whole file."""
    if stream.duration:
        begins = start_of(stream)
        return begins + float(stream.duration * time_base(stream)) - start
    if container.duration:
        # Matroska's duration ends at the last time stamp, the others' counts from the first. Too little does no harm:
        # the last chunk runs to the end of the film, whatever its length.
        begins = 0 if container.format.name.startswith("matroska") else container.start_time or 0
        return (begins + container.duration) / av.time_base - start
    return _last_time(path, stream.index) - start


def _last_time(path: Path, index: int) -> float:
    """The end of the last frame of a file that does not say how long it is, as browsers record them."""
    last, frames = 0.0, 0
    with av.open(str(path), options=_options(), metadata_errors="replace") as container:
        stream = next(video for video in container.streams.video if video.index == index)
        for packet in container.demux(stream):
            frames += 1 if packet.size else 0
            if packet.pts is not None:
                last = max(last, float((packet.pts + (packet.duration or 0)) * time_base(stream)))
        rate = stream.average_rate or 25
    return last or float(frames / rate)  # a bare stream of frames has no times at all


def _options() -> dict[str, str]:
    return {"format_whitelist": FILM_FORMATS, "protocol_whitelist": "file"}


if __name__ == "__main__":
    av.logging.set_level(None)
    sys.stdout.buffer.write(msgspec.json.encode(inspect(Path(sys.argv[1]))))
