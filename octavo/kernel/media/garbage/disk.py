"""What lies on this machine's disk for long: spools and folders whose writers may be dead."""

from datetime import datetime
from pathlib import Path


def older(folder: Path, before: datetime) -> list[Path]:
    return [path for path in folder.glob("*") if not _is_young(path, before)]


def abandoned_folders(folder: Path, before: datetime) -> list[Path]:
    """Folders in which nothing has been written for long: a step of many hours writes all the time."""
    return [path for path in older(folder, before) if not _has_young_files(path, before)]


def _has_young_files(folder: Path, before: datetime) -> bool:
    try:
        return any(_is_young(path, before) for path in folder.rglob("*"))
    except FileNotFoundError:
        return True  # a folder in it has just been removed, so somebody works there


def _is_young(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime >= before.timestamp()
    except FileNotFoundError:
        return True  # its owner has just removed it
