"""Encoders of graphics cards, where there is one: asked once per process by encoding a few pictures."""

import logging
from collections.abc import Sequence

from msgspec.structs import replace

from octavo.kernel.media.encode.ffmpeg import EncodeFailed, EncodeInterrupted, run_ffmpeg
from octavo.kernel.media.encode.rows import Rung

log = logging.getLogger("octavo.media")

_DEVICES = {"vaapi": ["-init_hw_device", "vaapi=card", "-filter_hw_device", "card"]}
_UPLOADS = {"vaapi": "format=nv12,hwupload", "qsv": "format=nv12"}
_QUALITY = {
    "nvenc": ["-preset", "p4", "-rc", "vbr", "-b:v", "0", "-no-scenecut", "1", "-forced-idr", "1", "-cq"],
    "vaapi": ["-rc_mode", "QVBR", "-global_quality"],
    "qsv": ["-preset", "medium", "-forced_idr", "1", "-global_quality"],
}
_TRIAL = ["-f", "lavfi", "-i", "color=gray:s=256x256:r=25:d=0.2"]
_known: dict[str, bool] = {}


def device_options(rungs: Sequence[Rung]) -> list[str]:
    """What ffmpeg must open before its inputs."""
    return [word for kind in sorted({rung.encoder for rung in rungs}) for word in _DEVICES.get(kind, ())]


def upload_of(encoder: str) -> str:
    """The filter that hands pictures to the card; empty where the encoder takes them as they are."""
    return _UPLOADS.get(encoder, "")


def hardware_options(rung: Rung, group: int) -> list[str]:
    """Key frames where the plan has them, and none shown later than it is decoded: cards differ in how they reorder."""
    options = [f"h264_{rung.encoder}", *_QUALITY[rung.encoder], f"{rung.crf:g}", "-profile:v", rung.profile]
    if rung.encoder == "vaapi":
        options += ["-b:v", str(rung.max_rate)]
    return [*options, "-bf", "0", "-g", str(group), "-force_key_frames", f"expr:eq(mod(n,{group}),0)"]


async def on_hardware(rungs: Sequence[Rung], encoder: str) -> tuple[Rung, ...]:
    """The same rungs for the card, if this machine has one that works; else as they are."""
    if encoder == "none" or not await is_usable(encoder):
        return tuple(rungs)
    return tuple(replace(rung, encoder=encoder, preset="", tools="") for rung in rungs)


async def require_hardware(rungs: Sequence[Rung]) -> None:
    """Raises EncodeInterrupted where a card is missing that the film was begun with: another machine may have it."""
    for encoder in {rung.encoder for rung in rungs} - {""}:
        if not await is_usable(encoder):
            raise EncodeInterrupted(f"this machine has no {encoder}, which the film was begun with")


async def is_usable(encoder: str) -> bool:
    if encoder not in _known:
        _known[encoder] = await _encodes(encoder)
    return _known[encoder]


async def _encodes(encoder: str) -> bool:
    rung = Rung(256, 256, 256, 23, 1_000_000, 1_000_000, "", encoder=encoder)
    upload = ["-vf", upload_of(encoder)] if upload_of(encoder) else []
    options = [*device_options([rung]), *_TRIAL, *upload, "-c:v", *hardware_options(rung, 5), "-f", "null", "-"]
    try:
        await run_ffmpeg(options)
    except EncodeFailed as reason:
        log.warning("Films are encoded in software: %s does not work on this machine. %s", encoder, _first_line(reason))
        return False
    return True


def _first_line(reason: EncodeFailed) -> str:
    return (reason.log.splitlines() or [""])[0]
