"""The spool: what is on its way into the store, and what the dead left of it."""

import shutil
import time
from pathlib import Path


def sweep_spool(folder: Path, *, older_than: float) -> int:
    """Remove what lies in the spool for more than `older_than` seconds: its writer is dead. Returns how many."""
    oldest = time.time() - older_than
    removed = 0
    for path in folder.glob("put-*"):
        try:
            if path.lstat().st_mtime < oldest:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
                removed += 1
        except OSError:
            continue  # another process was quicker, or the disk takes no writes: it can wait
    return removed
