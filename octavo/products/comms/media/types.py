"""What a file is, by its own bytes: nobody's word is taken for it."""

from octavo.products.comms.codes import CommsRefusal

HEAD = 512  # bytes that tell
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"#!AMR", "audio/amr"),
    (b"\xff\xf1", "audio/aac"),
    (b"\xff\xf9", "audio/aac"),
    (b"\xff\xfb", "audio/mpeg"),
    (b"\xff\xf3", "audio/mpeg"),
    (b"\xff\xf2", "audio/mpeg"),
    (b"\x1aE\xdf\xa3", "video/webm"),
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "text/rtf"),
    (b"BEGIN:VCARD", "text/vcard"),
    (b"BEGIN:VCALENDAR", "text/calendar"),
)
_RIFF = {b"WEBP": "image/webp", b"WAVE": "audio/wav", b"AVI ": "video/x-msvideo"}
# Brands of the ISO base media format; what is none of these is a film.
_BRANDS = {
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heif",
    b"avif": "image/avif",
    b"M4A ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"3gp4": "video/3gpp",
    b"3gp5": "video/3gpp",
    b"3gp6": "video/3gpp",
    b"3g2a": "video/3gpp2",
}
_PAGES = (b"<!doctype", b"<html", b"<svg", b"<?xml", b"<script", b"<head", b"<body")
_NOTHING_SAID = ("", "application/octet-stream", "binary/octet-stream", "application/binary")
_TEXTS = ("text/plain", "text/csv", "text/directory", "text/x-vcard", "text/vcard", "text/calendar")
# Kinds that one container may be of.
_SOUND_OR_FILM = {"audio", "video"}


def settled_type(claimed: str, head: bytes) -> str:
    """The type of a file that begins so. Raises CommsRefusal 12300 where it is not what its server says, or nothing
    that messages may carry.
    """
    claimed = claimed.partition(";")[0].strip().lower()
    found = sniffed(head)
    if found and (claimed in _NOTHING_SAID or _fits(claimed, found)):
        return found
    if not found and claimed in _TEXTS and is_text(head):
        return "text/vcard" if "vcard" in claimed or claimed == "text/directory" else claimed
    raise CommsRefusal(12300, f"The media is said to be {claimed or 'nothing'}, and is {found or 'none of the kinds'}.")


def sniffed(head: bytes) -> str:
    """The type that the first bytes tell, or blank."""
    if head[:4] == b"RIFF":
        return _RIFF.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip() if head[:1].isspace() or head[:3] == b"\xef\xbb\xbf" else head
    return next((kind for beginning, kind in _BEGINNINGS if start.startswith(beginning)), "")


def is_text(head: bytes) -> bool:
    """Text that no browser would take for a page."""
    if b"\x00" in head or head.lstrip().lower().startswith(_PAGES):
        return False
    try:
        head[: HEAD - 4].decode()
    except UnicodeDecodeError as error:
        return error.start > HEAD - 8  # a character cut in two
    return True


def _fits(claimed: str, found: str) -> bool:
    ours, theirs = found.partition("/")[0], claimed.partition("/")[0]
    return ours == theirs or {ours, theirs} <= _SOUND_OR_FILM or claimed in ("application/ogg", f"application/{found}")
