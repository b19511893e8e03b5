"""Subtitles as the room keeps them: a row for each file, and the cues that are inside of it."""

from datetime import datetime
from typing import Literal, TypeAlias

import msgspec

from octavo.kernel.media.asset.rows import AssetId

Origin: TypeAlias = Literal["source", "owner"]


class Cue(msgspec.Struct, frozen=True):
    """What is shown from `start` to `end`, in milliseconds of the film; `text` is WebVTT cue text."""

    start: int
    end: int
    text: str
    settings: str = ""  # such as "line:0 align:start"


class Subtitle(msgspec.Struct, frozen=True, kw_only=True):
    """One row of media.subtitle. `language` is BCP 47, `label` what a menu shows, `cues` how many there are.

    `forced` subtitles translate only what the film does not say in the viewer's language.
    """

    asset_id: AssetId
    name: str
    origin: Origin
    language: str
    label: str
    forced: bool
    cues: int
    key: str
    sha256: str
    bytes: int
    created_at: datetime


class SubtitleFile(msgspec.Struct, frozen=True, kw_only=True):
    """What an owner brings: a file in SRT or WebVTT, and the language that it is in. An empty label names itself."""

    content: bytes
    language: str
    label: str = ""
