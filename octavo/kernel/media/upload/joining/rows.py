"""What the job of joining is told."""

import msgspec

from octavo.kernel.media.asset.rows import AssetId


class JoinParts(msgspec.Struct, frozen=True):
    """The final upload that is to become whole."""

    asset_id: AssetId
