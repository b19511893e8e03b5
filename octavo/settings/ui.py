"""Settings of `octavo.ui`: the look of the pages."""

import msgspec


class UiSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How pages present themselves."""
