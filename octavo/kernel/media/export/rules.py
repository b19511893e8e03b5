"""Which plain files a film can be had as, and what stands in their way."""

import hashlib
from collections.abc import Sequence

from octavo.kernel.media.asset.rows import Asset
from octavo.kernel.media.encode.ffmpeg import ffmpeg_build
from octavo.kernel.media.export.rows import Offer, Track
from octavo.kernel.refusals import Conflict, NotFound

PADDED = "640x480.mp4"
WEBM_LINES = (720, 480)  # heights that a WebM is made in, the film's own where it is lower


class NoSuchExport(NotFound):
    title = "This film cannot be had as that file"


class FilmNotWhole(Conflict):
    title = "The film is not complete yet"


class FilmEncrypted(Conflict):
    title = "The film is encrypted"


def offers(rungs: Sequence[Track], lines: int) -> list[Offer]:
    """The best first. `lines` is the height of the film itself; `rungs` are its joined pictures.

    A file keeps its name where a film is encoded anew, though the rendition that it is a copy of is another one then.
    """
    ordered = sorted((rung for rung in rungs if rung.kind == "video"), key=lambda rung: -rung.lines)
    progressive = [Offer(f"{rung.lines}p.mp4", "mp4", rung.lines, rung.name) for rung in ordered]
    heights = sorted({min(lines, height) for height in WEBM_LINES}, reverse=True)
    return [
        *progressive,
        *(Offer(f"{height}p.webm", "webm", height) for height in heights),
        Offer(PADDED, "padded", 480),
    ]


def offered(name: str, all_offers: Sequence[Offer]) -> Offer:
    for offer in all_offers:
        if offer.name == name:
            return offer
    names = ", ".join(offer.name for offer in all_offers)
    raise NoSuchExport(f"There is no {name[:40]} of this film; there are {names}.")


def check_whole(asset: Asset) -> None:
    if asset.state != "complete":
        raise FilmNotWhole("Plain files can be made of a film once all of its qualities are ready.")
    if asset.encrypted:
        raise FilmEncrypted("No plain files are made of an encrypted film: they would be readable by everybody.")


def best_progressive(all_offers: Sequence[Offer], *, most_lines: int) -> Offer:
    """The highest MP4 of at most `most_lines`, else the lowest there is. Raises NoSuchExport where there is none."""
    progressive = [offer for offer in all_offers if offer.form == "mp4"]
    if not progressive:
        raise NoSuchExport("This film has no picture that is ready.")
    return next((offer for offer in progressive if offer.lines <= most_lines), progressive[-1])


def content_name(offer: Offer, src_sha256: str, tracks: Sequence[Track]) -> str:
    """The same film, made in the same way by the same encoder, has the same name in the store."""
    parts = [offer.name, ffmpeg_build(), src_sha256, *(track.sha256 for track in tracks)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
