"""A film that is being renewed, as whoever waits for it sees it."""

import msgspec

from octavo.kernel.media.asset.rows import AssetId
from octavo.kernel.media.encode import SourceInfo


class Renewal(msgspec.Struct, frozen=True):
    """`progress` goes from 0 to 1. `renewed`: players are told of a newer version than there was at the beginning."""

    asset_id: AssetId
    state: str
    progress: float
    renewed: bool


class Probed(msgspec.Struct, frozen=True):
    """What is known of a film's source since it was first looked at."""

    source: SourceInfo
