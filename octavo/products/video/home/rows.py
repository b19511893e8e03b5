"""What the home page shows."""

import msgspec

from octavo.products.video.title.rows import Title


class Unfinished(msgspec.Struct, frozen=True):
    """A title that its viewer began; `watched` is the part behind them, 0 to 1."""

    title: Title
    watched: float
