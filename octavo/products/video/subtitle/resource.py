"""Subtitles as the API shows them."""

from datetime import datetime
from typing import Literal

import msgspec

from octavo.kernel.media import Subtitle


class SubtitleResource(msgspec.Struct, frozen=True, kw_only=True):
    """`language` is a BCP 47 tag. `origin` says who brought them: the film's own file, or its owner later."""

    name: str
    language: str
    label: str
    origin: Literal["source", "owner"]
    forced: bool
    cues: int
    created_at: datetime


class SubtitleList(msgspec.Struct, frozen=True):
    items: list[SubtitleResource]


def resource(subtitle: Subtitle) -> SubtitleResource:
    return SubtitleResource(
        name=subtitle.name,
        language=subtitle.language,
        label=subtitle.label,
        origin=subtitle.origin,
        forced=subtitle.forced,
        cues=subtitle.cues,
        created_at=subtitle.created_at,
    )
