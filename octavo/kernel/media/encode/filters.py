"""The filter graph of a chunk: the source on the film's frame grid, then scaled down from rung to rung."""

from collections.abc import Sequence

from octavo.kernel.film import VideoTrack
from octavo.kernel.media.encode.rows import ChunkSpan, Rung

_TRANSFERS = {"pq": "smpte2084", "hlg": "arib-std-b67"}
# What H.264 players show, with even sides and no fields, as zimg asks. Nearly all films come so, and pass untouched.
_PLAIN = "scale=ceil(iw/2)*2:ceil(ih/2)*2:out_range=tv,format=yuv420p,setfield=prog"


def cascade(video: VideoTrack, span: ChunkSpan, rungs: Sequence[Rung], alone: str) -> str:
    """One graph that decodes once and scales step by step, highest rung first; its outputs are [r0], [r1], ...

    The rung called `alone` is made from the source itself, so that it is the same whether others are made with it.
    """
    source = f"[0:{video.index}]{_on_grid(video, span)}"
    others = [n for n, rung in enumerate(rungs) if rung.name != alone]
    if len(others) in (0, len(rungs)):
        return _stairs(video, rungs, range(len(rungs)), f"{source},")
    [aside] = [n for n, rung in enumerate(rungs) if rung.name == alone]
    small = f"[aside]{_first_size(video, rungs[aside])}[r{aside}]"
    return ";".join([f"{source},split[whole][aside]", _stairs(video, rungs, others, "[whole]"), small])


def _stairs(video: VideoTrack, rungs: Sequence[Rung], places: Sequence[int], source: str) -> str:
    chains = []
    for n in places:
        chain = source + (_first_size(video, rungs[n]) if n == places[0] else _next_size(rungs[n]))
        chains.append(f"{chain}[r{n}]" if n == places[-1] else f"{chain},split[r{n}][down{n}]")
        source = f"[down{n}]"
    return ";".join(chains)


def whole_picture(video: VideoTrack, width: int, height: int) -> str:
    """The film at another size, its own frames at their own times, as an ordinary player shows it."""
    steps = ["bwdif=mode=send_frame:deint=interlaced"] if video.interlaced else []
    steps += [f"scale={width}:{height}:flags=bicubic:out_range=tv", *_to_sdr(video), "format=yuv420p", "setsar=1"]
    return ",".join(steps)


def still(video: VideoTrack, width: int, height: int) -> str:
    """A single picture as a viewer would see it, in full-range RGB or JPEG colours as the encoder asks."""
    steps = [f"scale={width}:{height}:flags=bicubic", *_to_sdr(video), "setsar=1"]
    return ",".join(steps)


def _on_grid(video: VideoTrack, span: ChunkSpan) -> str:
    """Exactly the chunk's frames, numbered from zero.

    Each source frame goes to the grid place nearest to its time, counted from where this chunk begins: a frame before
    the chunk is dropped, a place without a frame repeats the one before. So chunks join without loss or doubling
    whether the source keeps a constant rate or not, and whatever a seek has brought along from before the key frame.
    """
    rate = video.frame_rate
    begin = video.start + float(span.first_frame / rate.fraction)
    steps = ["bwdif=mode=send_frame:deint=interlaced"] if video.interlaced else []
    if video.captions:
        # The grid hands on the captions of frames that it drops, and the whole chunk would have them too late.
        steps.append(f"trim=start={begin - 0.5 / float(rate.fraction):.6f}")
    steps.append(f"fps=fps={rate}:start_time={begin:.6f}:round=near")
    if span.frames is not None:
        steps.append(f"trim=end_frame={span.frames}")
    return ",".join([*steps, "setpts=N"])


def _first_size(video: VideoTrack, rung: Rung) -> str:
    if rung.hdr:
        # Light and colours stay as they are, with what the film says of the screen that it was made on.
        size = f"scale={rung.width}:{rung.height}:flags=bicubic:out_range=tv,format=yuv420p10le,setsar=1"
        return f"{size},setparams=color_primaries=bt2020:color_trc={_TRANSFERS[rung.hdr]}:colorspace=bt2020nc:range=tv"
    if video.hdr:
        size = f"scale={rung.width}:{rung.height}:flags=bicubic:out_range=tv"
        return ",".join([size, *_to_sdr(video), "format=yuv420p", "setsar=1"])
    return ",".join([_PLAIN, _next_size(rung)])


def _to_sdr(video: VideoTrack) -> list[str]:
    """Maps a bright picture to ordinary screens: in linear RGB light, where 100 nits stand for their white.

    What the picture is must be said to zscale, which gives up on films that leave a part of it open.
    """
    if not video.hdr:
        return []
    return [
        f"zscale=transferin={_TRANSFERS[video.hdr]}:primariesin=bt2020:matrixin=bt2020nc:transfer=linear:npl=100",
        "format=gbrpf32le",
        "zscale=primaries=bt709",
        "tonemap=tonemap=hable:desat=0",
        "zscale=transfer=bt709:matrix=bt709:range=tv",
    ]


def _next_size(rung: Rung) -> str:
    # zimg takes half the time of swscale for the same bicubic filter.
    return f"zscale={rung.width}:{rung.height}:filter=bicubic:threads=1,setsar=1"
