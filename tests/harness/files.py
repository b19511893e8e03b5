"""Looking at files while others still delete some: what has gone since it was listed is left out."""

import hashlib
import os
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path


def files_below(folder: Path) -> list[str]:
    """The paths of all files, relative to `folder` and sorted."""
    # Path.rglob raises where a folder vanishes meanwhile.
    found = [Path(parent, name) for parent, _, names in os.walk(folder) for name in names]
    return sorted(path.relative_to(folder).as_posix() for path in found)


def digests_of(names: Iterable[str], digest: Callable[[str], str], *, gone: type[Exception]) -> dict[str, str]:
    """The digest of each that is still there by its name; `digest` raises `gone` for the others."""
    found = {}
    for name in names:
        with suppress(gone):
            found[name] = digest(name)
    return found


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
