"""Pure decisions about the watched folder: which files count, whose they are, and when they have stopped growing."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from octavo.kernel.media.upload.folder.rows import SeenFile, WatchedFile
from octavo.kernel.refusals import Conflict, Invalid

ERROR_ENDING = ".octavo-error.txt"
TAKEN = ".taken"
# What programs call a file that they are still writing.
_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", ".opdownload", ".!qb", ".!ut")


class NobodysFile(Invalid):
    title = "Nobody owns this file"


class FileChanged(Conflict):
    """It was written to while it was read: it had not stopped growing after all."""

    title = "The file has changed meanwhile"


class TakenBefore(Conflict):
    """The same content was taken in for the same person, under this name or another."""

    title = "This film was taken in before"

    def __init__(self, asset_id: UUID, src_sha256: str) -> None:
        super().__init__()
        self.asset_id, self.src_sha256 = asset_id, src_sha256


def counts(name: str) -> bool:
    """Whether a file or a folder of this name is looked at."""
    return not name.startswith(".") and not name.lower().endswith((*_UNFINISHED, ERROR_ENDING))


def file_id(path: str) -> UUID:
    return uuid5(NAMESPACE_URL, f"octavo:watched:{path}")


def is_same(seen: SeenFile, known: WatchedFile) -> bool:
    return (seen.size, seen.modified_ns) == (known.size, known.modified_ns)


def has_settled(known: WatchedFile, now: datetime, settle: float) -> bool:
    return known.state == "growing" and now - known.unchanged_since >= timedelta(seconds=settle)


def owner_named_by(path: str) -> str:
    """The sub-folder right under the watched one; blank for a file that lies in none."""
    folder, slash, _ = path.partition("/")
    return folder if slash else ""
