"""Settings of `kernel.media`: upload, encoding and delivery."""

import re
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

GIB = 1024**3
PLAYBACK_KEY = re.compile(r"[A-Za-z0-9_-]{1,40}:[!-~]{32,}")
ORIGIN = re.compile(r"https?://[a-z0-9.\[\]:-]+")


class MediaSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is accepted, how it is encoded, and how it is delivered."""

    max_upload_bytes: Annotated[int, Meta(ge=1, description="The largest file that an upload may bring, in bytes.")] = (
        256 * GIB
    )
    quota_bytes: Annotated[
        int, Meta(ge=0, description="How much one person's files may take together, in bytes; 0 sets no bound.")
    ] = 0
    free_disk_bytes: Annotated[
        int, Meta(ge=0, description="An upload is refused when it would leave less free room on the disk, in bytes.")
    ] = GIB // 2
    upload_lifetime: Annotated[
        float, Meta(gt=0, description="Seconds without a new byte after which an unfinished upload is thrown away.")
    ] = 48 * 3600.0
    upload_stall: Annotated[
        float, Meta(gt=0, description="Seconds without a byte after which a silent sender's request is ended.")
    ] = 30.0
    watch_folder: Annotated[
        Path | None,
        Meta(
            description="A folder whose files are taken in as films once they have stopped growing: those in a "
            "sub-folder that is named like a user are that user's. Nothing: no folder is watched."
        ),
    ] = None
    watch_owner: Annotated[
        str,
        Meta(description="User name or e-mail address of whoever owns the other files of the watched folder."),
    ] = ""
    watch_settle: Annotated[
        float, Meta(ge=0, description="Seconds in which a file of the watched folder must not have changed.")
    ] = 20.0
    watch_after: Annotated[
        Literal["keep", "move"],
        Meta(
            description="What becomes of a file that was taken in: it stays and is remembered, or it moves to the "
            "sub-folder `.taken`."
        ),
    ] = "keep"
    live_at_a_time: Annotated[
        int, Meta(ge=0, description="Live streams that one worker encodes at a time; 0: four.")
    ] = 0
    first_at_a_time: Annotated[
        int,
        Meta(ge=0, description="Steps that viewers wait for which one worker takes at a time; 0: two."),
    ] = 0
    bulk_at_a_time: Annotated[
        int,
        Meta(
            ge=0,
            description="Steps that nobody waits for which one worker takes at a time, at idle priority; 0: two for "
            "every three processors.",
        ),
    ] = 0
    per_title: Annotated[
        bool,
        Meta(
            description="Fit the small rungs (480 lines and below) of each film of 100 seconds or more to it: samples "
            "are measured (VMAF), and tools that take longer give the same quality in fewer bits."
        ),
    ] = True
    most_lines: Annotated[
        Literal[1080, 1440, 2160],
        Meta(description="The largest rung that films are encoded in, where they are as large; 2160 is 4K."),
    ] = 1080
    further_codecs: Annotated[
        tuple[Literal["av1", "vp9"], ...],
        Meta(
            description="What films are encoded as besides H.264, once they are complete and nothing better is to be "
            "done: `av1` and `vp9` take fewer bits, and players that know them choose. Encrypted films stay in H.264."
        ),
    ] = ()
    hdr: Annotated[
        bool,
        Meta(
            description="Keep films in HDR10 and HLG as bright as they are, as AV1 with ten bits beside what ordinary "
            "screens show, once they are complete."
        ),
    ] = False
    hardware_encoder: Annotated[
        Literal["none", "nvenc", "vaapi", "qsv"],
        Meta(
            description="Let a graphics card encode H.264 (NVIDIA, VA-API, Intel Quick Sync). All media workers of an "
            "installation need the same kind; where the machine that looks at a film has none, its processors encode "
            "it. Cards give larger files for the same picture, and not the same bytes each time."
        ),
    ] = "none"
    surround_sound: Annotated[
        bool,
        Meta(
            description="Keep the surround sound of films beside the stereo that every player begins with: AC-3 and "
            "E-AC-3 as they are, anything else as AAC with 5.1 channels."
        ),
    ] = False
    loudness: Annotated[
        Annotated[float, Meta(ge=-40, le=-5)] | None,
        Meta(
            description="The loudness that the sound of every film is brought to (EBU R 128), in LUFS, such as -16; a "
            "film then plays once its sound has been measured. Nothing: films are as loud as they were made.",
        ),
    ] = None
    encryption: Annotated[
        Literal["none", "clear-key"],
        Meta(
            description="How the files of new films are encrypted: not at all, or so that players get the keys from "
            "this server (`clear-key`: common encryption, W3C Clear Key). Browsers play such films over HTTPS alone, "
            "and Safari does not. The uploaded file, the pictures and the subtitles stay as they are."
        ),
    ] = "none"
    playback_lifetime: Annotated[
        float, Meta(ge=60, description="Seconds that a playback address works, and that replaced files are kept for.")
    ] = 12 * 3600.0
    playback_keys: Annotated[
        tuple[str, ...],
        Meta(
            description="Keys that sign playback addresses, as `id:secret`; the first signs, all are accepted. "
            "Empty: a key of its own in the data directory. Several web servers must share them.",
            extra={"secret": True},
        ),
    ] = ()
    playback_bound_to: Annotated[
        tuple[Literal["address", "device"], ...],
        Meta(
            description="What a playback address is bound to, so that it is of no use to others: the viewer's network "
            "(`address`: its /24 or /48), their browser (`device`: a cookie, or the header `X-Octavo-Device`), or both."
        ),
    ] = ()
    playback_origins: Annotated[
        tuple[str, ...],
        Meta(
            description="Other sites whose pages may play films from here, such as `https://player.example`; `*` is "
            "every site. Players on pages of our own need none."
        ),
    ] = ()
    accel_redirect: Annotated[
        str,
        Meta(
            pattern=r"^(/[A-Za-z0-9/_-]*[A-Za-z0-9_-])?$",
            description="The internal location of the nginx in front that holds the blob folder, such as "
            "`/_octavo/blobs`: nginx then sends films from local disks by itself. Nobody else may reach this server.",
        ),
    ] = ""
    stray_age: Annotated[
        float, Meta(ge=0, description="Seconds after which a file that no row knows is removed from the blob folder.")
    ] = 6 * 3600.0

    def __post_init__(self) -> None:
        if not all(origin == "*" or ORIGIN.fullmatch(origin) for origin in self.playback_origins):
            raise ValueError("playback_origins: write each as `https://host` or `https://host:port`, or `*` for all")
        if not all(PLAYBACK_KEY.fullmatch(key) for key in self.playback_keys):
            # Without a secret anyone could sign. The keys themselves have no place in a message.
            raise ValueError("playback_keys: write each as `id:secret`, the secret with at least 32 characters")
