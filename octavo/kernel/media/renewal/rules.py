"""Which films can be encoded anew, and what the new tracks are called."""

from octavo.kernel.media.asset.rows import Asset
from octavo.kernel.refusals import Conflict


class NotComplete(Conflict):
    title = "The film is not complete"


def check_complete(asset: Asset) -> None:
    if asset.state != "complete":
        raise NotComplete(f"This film is {asset.state}. Only a complete one can be encoded or packaged anew.")


def name_anew(asset: Asset, rendition: str) -> str:
    """The old tracks keep their names, by which older manifest versions know them."""
    return f"{rendition}-{asset.manifest_version + 1}"
