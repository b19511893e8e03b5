"""How large files of messages may be, and which of them carriers take as they are."""

from octavo.products.comms.codes import CommsRefusal

LARGEST = 5 * 1024 * 1024  # bytes, of one file as it is fetched
LARGEST_PICTURE = 1024 * 1024  # bytes, that carriers take
USUAL_PICTURES = ("image/jpeg", "image/png", "image/gif")
PICTURES_TO_CONVERT = ("image/bmp", "image/tiff", "image/webp")
SOUNDS_TO_CONVERT = ("audio/aac", "audio/flac", "audio/ogg", "audio/wav")
# What browsers may show in place; everything else is handed over as a file.
SHOWN = (*USUAL_PICTURES, "audio/mpeg", "audio/mp4", "audio/ogg", "audio/wav", "video/mp4", "video/webm", "video/3gpp")
USAGE_SLOTS = 8


def target_of(content_type: str, size: int) -> str | None:
    """The type to convert a file to before a carrier gets it; None for one that stays as it is."""
    too_large = content_type in ("image/jpeg", "image/png") and size > LARGEST_PICTURE
    if content_type in PICTURES_TO_CONVERT or too_large:
        return "image/jpeg"
    return "audio/mpeg" if content_type in SOUNDS_TO_CONVERT else None


def check_room(used: int, quota: int, size: int = 0) -> None:
    """Raises CommsRefusal 11751 where the account's files have no room for `size` bytes more, or for any at all.

    The vendor, which has no quotas, says so of a file that is too large for what it is to go into.
    """
    if used + max(1, size) > quota:
        raise CommsRefusal(
            11751,
            f"The account's media takes {used:,} of {quota:,} bytes: delete some. Nothing that is stored is lost.",
        )
