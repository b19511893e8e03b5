"""Settings of `kernel.http`: the web server."""

import msgspec


class HttpSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How pages and the API are served."""
