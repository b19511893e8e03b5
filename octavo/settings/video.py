"""Settings of `products.video`."""

from typing import Annotated, Literal

import msgspec


class VideoSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Who may upload, and how long a deletion can be undone."""

    uploads: Annotated[
        Literal["everyone", "creators"],
        msgspec.Meta(description="Who may upload: everyone with an account, or only those with the role creator."),
    ] = "everyone"
    delete_grace_hours: Annotated[
        int,
        msgspec.Meta(
            ge=0,
            description="Hours in which a deleted title can be restored; two minutes while it is still encoding.",
        ),
    ] = 168
