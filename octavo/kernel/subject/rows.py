"""A subject as stored."""

from typing import Literal
from uuid import UUID

from msgspec import Struct

# `unlisted` is open to whoever knows the address; `removed` was taken down by a moderator.
SubjectState = Literal["private", "unlisted", "public", "removed"]


class Subject(Struct, frozen=True):
    """`id` is the thing's own id, and `kind` names its room, such as `video.title`."""

    id: UUID
    kind: str
    owner_id: UUID
    state: str
