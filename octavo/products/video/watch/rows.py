"""How far a person has watched a title."""

from datetime import datetime
from uuid import UUID

import msgspec


class Position(msgspec.Struct, frozen=True):
    """One row of video.position. `seconds` counts from the film's start; a finished film starts over."""

    title_id: UUID
    seconds: float
    finished: bool
    watched_at: datetime
