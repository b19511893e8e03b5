"""Our own packager: indexes fragmented MP4 files and writes HLS and DASH manifests from the index alone."""

from octavo.kernel.media.packaging.boxes import BrokenBoxes
from octavo.kernel.media.packaging.dash import NotFinished, dash_manifest
from octavo.kernel.media.packaging.decryption import decrypt_fragments
from octavo.kernel.media.packaging.encryption import encrypt_fragments
from octavo.kernel.media.packaging.fragments import index_fragments, place_fragments
from octavo.kernel.media.packaging.hls import hls_growing_text, hls_key_frames, hls_master, hls_media, hls_text
from octavo.kernel.media.packaging.join import PiecesDoNotFit, join_pieces
from octavo.kernel.media.packaging.rows import ContentKey, Piece, Segment, TextFile, Track, TrackIndex
from octavo.kernel.media.packaging.storyboard import Storyboard, sheet_name, webvtt_storyboard

__all__ = [
    "BrokenBoxes",
    "ContentKey",
    "NotFinished",
    "Piece",
    "PiecesDoNotFit",
    "Segment",
    "Storyboard",
    "TextFile",
    "Track",
    "TrackIndex",
    "dash_manifest",
    "decrypt_fragments",
    "encrypt_fragments",
    "hls_growing_text",
    "hls_key_frames",
    "hls_master",
    "hls_media",
    "hls_text",
    "index_fragments",
    "join_pieces",
    "place_fragments",
    "sheet_name",
    "webvtt_storyboard",
]
