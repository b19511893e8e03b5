"""Media: uploads, and what it takes to play them: assets, encoding, packaging and delivery."""

from octavo.kernel.media.asset.actions import delete_asset
from octavo.kernel.media.asset.queries import asset_views
from octavo.kernel.media.asset.rows import AssetView, RenditionView
from octavo.kernel.media.delivery.actions import NotPlayable, playback
from octavo.kernel.media.delivery.progress import progress_stream
from octavo.kernel.media.delivery.rows import Playback
from octavo.kernel.media.encode.ffmpeg import EncodeFailed, run_ffmpeg
from octavo.kernel.media.events import AssetChanged
from octavo.kernel.media.purposes import NewAsset, Purpose, register_purposes
from octavo.kernel.media.upload.actions import receive_whole
from octavo.kernel.media.upload.routes import UPLOADS

__all__ = [
    "UPLOADS",
    "AssetChanged",
    "AssetView",
    "EncodeFailed",
    "NewAsset",
    "NotPlayable",
    "Playback",
    "Purpose",
    "RenditionView",
    "asset_views",
    "delete_asset",
    "playback",
    "progress_stream",
    "receive_whole",
    "register_purposes",
    "run_ffmpeg",
]
