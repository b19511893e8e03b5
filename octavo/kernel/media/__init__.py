"""Media: uploads, and what it takes to play them: assets, encoding, packaging and delivery."""

from octavo.kernel.media.asset.actions import delete_asset
from octavo.kernel.media.asset.queries import asset_views
from octavo.kernel.media.asset.rows import AssetView, RenditionView
from octavo.kernel.media.chapters.actions import replace_chapters
from octavo.kernel.media.chapters.queries import chapters_of
from octavo.kernel.media.chapters.rows import Chapter
from octavo.kernel.media.chapters.rules import BadChapters
from octavo.kernel.media.delivery.actions import NotPlayable, playback
from octavo.kernel.media.delivery.downloads import downloads_of
from octavo.kernel.media.delivery.progress import progress_stream
from octavo.kernel.media.delivery.rows import Download, Downloads, Playback
from octavo.kernel.media.delivery.viewers import Viewer, remembered, viewer_of, viewer_to_grant
from octavo.kernel.media.encode.ffmpeg import EncodeFailed, EncodeInterrupted, run_ffmpeg
from octavo.kernel.media.events import AssetChanged
from octavo.kernel.media.export import motion
from octavo.kernel.media.export.asking import best_progressive, offers_of, request_export
from octavo.kernel.media.export.queries import export_named, exports_of
from octavo.kernel.media.export.rows import Export, Offer
from octavo.kernel.media.posters.actions import choose_poster, forget_poster, keep_picture, store_picture
from octavo.kernel.media.posters.queries import posters_of
from octavo.kernel.media.posters.rows import PosterChoice
from octavo.kernel.media.posters.rules import MOST_BYTES as LARGEST_PICTURE
from octavo.kernel.media.posters.rules import BadPicture, PosterNotFound
from octavo.kernel.media.processing.folders import remove_folders_of_the_dead
from octavo.kernel.media.processing.limits import steps_at_a_time
from octavo.kernel.media.purposes import NewAsset, Purpose, register_purposes
from octavo.kernel.media.storage.queries import storage_report
from octavo.kernel.media.storage.rows import KindSum, MonthSum, StorageReport
from octavo.kernel.media.subtitles.actions import forget_subtitle, keep_subtitle, store_subtitles
from octavo.kernel.media.subtitles.queries import subtitles_of
from octavo.kernel.media.subtitles.rows import Subtitle, SubtitleFile
from octavo.kernel.media.subtitles.rules import MOST_BYTES as LARGEST_SUBTITLES
from octavo.kernel.media.subtitles.rules import BadSubtitles, SubtitleNotFound
from octavo.kernel.media.upload.actions import own_quota, receive_whole
from octavo.kernel.media.upload.fetching.opening import open_fetch
from octavo.kernel.media.upload.fetching.rows import FetchRequest
from octavo.kernel.media.upload.routes import UPLOADS

__all__ = [
    "LARGEST_PICTURE",
    "LARGEST_SUBTITLES",
    "UPLOADS",
    "AssetChanged",
    "AssetView",
    "BadChapters",
    "BadPicture",
    "BadSubtitles",
    "Chapter",
    "Download",
    "Downloads",
    "EncodeFailed",
    "EncodeInterrupted",
    "Export",
    "FetchRequest",
    "KindSum",
    "MonthSum",
    "NewAsset",
    "NotPlayable",
    "Offer",
    "Playback",
    "PosterChoice",
    "PosterNotFound",
    "Purpose",
    "RenditionView",
    "StorageReport",
    "Subtitle",
    "SubtitleFile",
    "SubtitleNotFound",
    "Viewer",
    "asset_views",
    "best_progressive",
    "chapters_of",
    "choose_poster",
    "delete_asset",
    "downloads_of",
    "export_named",
    "exports_of",
    "forget_poster",
    "forget_subtitle",
    "keep_picture",
    "keep_subtitle",
    "motion",
    "offers_of",
    "open_fetch",
    "own_quota",
    "playback",
    "posters_of",
    "progress_stream",
    "receive_whole",
    "register_purposes",
    "remembered",
    "remove_folders_of_the_dead",
    "replace_chapters",
    "request_export",
    "run_ffmpeg",
    "steps_at_a_time",
    "storage_report",
    "store_picture",
    "store_subtitles",
    "subtitles_of",
    "viewer_of",
    "viewer_to_grant",
]
