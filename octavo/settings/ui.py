"""Settings of `octavo.ui`: the look of the pages."""

from typing import Annotated

import msgspec
from msgspec import Meta


class UiSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How pages present themselves."""

    reload: Annotated[
        bool, Meta(description="Whether changed templates and styles show at once; for work on the pages themselves.")
    ] = False
