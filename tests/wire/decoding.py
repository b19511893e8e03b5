"""Decodes whole films and says what came out: how many frames and samples, and when it flashed and beeped."""

import array
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import av
import imageio_ffmpeg
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

RATE, SECONDS = 25, 4
MOMENTS = (0.4, 3.4)  # of the film: a white picture and a beep begin together, near its start and near its end
_LASTING = 0.2
_GAP = 1.0  # between two moments there is at least so much dark and quiet
_AT_A_MOMENT = "+".join(f"between(t,{at},{at + _LASTING - 0.001})" for at in MOMENTS)
_PICTURE = f"color=black:s=640x360:r={RATE}:d={SECONDS},drawbox=c=white:t=fill:enable='{_AT_A_MOMENT}'"
_BEEP = f"({_AT_A_MOMENT})*0.6*sin(2*PI*1000*t)"
_CHAPTERS = ";FFMETADATA1\n" + "".join(
    f"[CHAPTER]\nTIMEBASE=1/1000\nSTART={start}\nEND={end}\ntitle={title}\n"
    for start, end, title in ((0, 2000, "Before"), (2000, SECONDS * 1000, "After & on"))
)


@dataclass
class Decoded:
    """One stream. `onsets` are the times at which something began to be seen or heard, in seconds."""

    channels: int = 0
    frames: int = 0
    samples: int = 0
    onsets: list[float] = field(default_factory=list)
    _last: float = -_GAP

    def note(self, at: float) -> None:
        if at - self._last >= _GAP:
            self.onsets.append(at)
        self._last = at


@dataclass(frozen=True)
class Film:
    pictures: list[Decoded]
    sounds: list[Decoded]


def a_flashing_film(path: Path) -> Path:
    """English with 5.1 channels in AC-3, French in stereo, two chapters."""
    chapters = path.with_suffix(".txt")
    chapters.write_text(_CHAPTERS, encoding="utf-8")
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", _PICTURE]
    for channels in (6, 2):
        layout = "5.1" if channels == 6 else "stereo"
        heard = "|".join([_BEEP] * channels)
        command += ["-f", "lavfi", "-i", f"aevalsrc='{heard}':c={layout}:s=48000:d={SECONDS}"]
    command += ["-i", str(chapters), "-map", "0:v", "-map", "1:a", "-map", "2:a", "-map_chapters", "3"]
    command += ["-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=fra"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-c:a:0", "ac3", "-c:a:1", "flac", str(path)]
    subprocess.run(command, check=True)
    return path


def unpacked(manifest: str, path: Path) -> Path:
    """What ffmpeg's reader of DASH, which PyAV lacks, and its decoders hand out: every frame at its time, in a file."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-copyts", "-i", manifest]
    losslessly = ["-fps_mode", "passthrough", "-c:v", "ffv1", "-c:a", "pcm_s16le"]
    subprocess.run([*command, "-map", "0:v", "-map", "0:a", *losslessly, str(path)], check=True)
    return path


def decoded(address: str) -> Film:
    """Every stream of a file or a manifest, from its first frame to its last."""
    found: dict[int, Decoded] = {}
    with av.open(address) as film:
        mixer = {stream.index: av.AudioResampler("s16", "mono", 48000) for stream in film.streams.audio}
        for stream in (*film.streams.video, *film.streams.audio):
            found[stream.index] = Decoded(channels=getattr(stream.codec_context, "channels", 0))
        for packet in film.demux(*film.streams.video, *film.streams.audio):
            for frame in packet.decode():
                if isinstance(frame, VideoFrame):
                    _look(found[packet.stream.index], frame)
                elif isinstance(frame, AudioFrame):
                    for mono in mixer[packet.stream.index].resample(frame):
                        _listen(found[packet.stream.index], mono)
        pictures = [found[stream.index] for stream in film.streams.video]
        return Film(pictures, [found[stream.index] for stream in film.streams.audio])


def _look(seen: Decoded, frame: VideoFrame) -> None:
    seen.frames += 1
    middle = frame.reformat(width=8, height=8, format="gray").planes[0]
    if bytes(middle)[4 * middle.line_size + 4] > 128:
        seen.note(float(frame.time or 0))


def _listen(heard: Decoded, frame: AudioFrame) -> None:
    heard.samples += frame.samples
    for at in _loud(bytes(frame.planes[0])[: frame.samples * 2]):
        heard.note(float(frame.time or 0) + at)


def _loud(samples: bytes) -> Iterator[float]:
    """The first loud sample of each 5 ms."""
    levels = array.array("h", samples)
    for begin in range(0, len(levels), 240):
        loud = next((n for n, level in enumerate(levels[begin : begin + 240]) if abs(level) > 3000), None)
        if loud is not None:
            yield (begin + loud) / 48000
