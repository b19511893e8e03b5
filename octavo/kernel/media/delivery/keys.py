"""The keys that sign playback addresses: from the settings, or from a file of our own in the data directory."""

import os
from functools import lru_cache
from pathlib import Path

from octavo.kernel.ids import new_secret
from octavo.kernel.media.delivery.rows import PlaybackKey
from octavo.kernel.refusals import Conflict
from octavo.settings import Settings

FILE_NAME = "playback.keys"
KEPT = 3


class KeysInSettings(Conflict):
    title = "The keys stand in the settings (media.playback_keys). Put a new one in front there; nothing was changed."


def playback_keys(settings: Settings) -> tuple[PlaybackKey, ...]:
    """The first signs; all are accepted."""
    if settings.media.playback_keys:
        return _parse(settings.media.playback_keys)
    path = f"{settings.data_dir}/{FILE_NAME}"
    try:
        changed = os.stat(path).st_mtime_ns
    except FileNotFoundError:
        _write_first(Path(path))
        changed = os.stat(path).st_mtime_ns
    return _read(path, changed)


def rotate_playback_keys(settings: Settings) -> str:
    """A new key signs from now on, and the last ones stay accepted. Returns the new key's id. Raises KeysInSettings."""
    if settings.media.playback_keys:
        raise KeysInSettings
    kept = [f"{key.id}:{key.secret.decode()}" for key in playback_keys(settings)]
    line = _new_line()
    path = settings.data_dir / FILE_NAME
    temporary = _write_private(path.with_suffix(f".{os.getpid()}"), [line, *kept][:KEPT])
    temporary.replace(path)
    _read.cache_clear()  # two files of one moment have one time
    return line.partition(":")[0]


@lru_cache(maxsize=8)
def _read(path: str, changed: int) -> tuple[PlaybackKey, ...]:
    return _parse(tuple(Path(path).read_text(encoding="ascii").split()))


def _parse(lines: tuple[str, ...]) -> tuple[PlaybackKey, ...]:
    pairs = (line.partition(":") for line in lines)
    return tuple(PlaybackKey(name, secret.encode()) for name, _, secret in pairs)


def _write_first(path: Path) -> None:
    """Two processes may come here at once: the link is taken by one, and both then read the same file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = _write_private(path.with_suffix(f".{os.getpid()}"), [_new_line()])
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _write_private(path: Path, lines: list[str]) -> Path:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("\n".join([*lines, ""]))
        file.flush()
        os.fsync(file.fileno())
    return path


def _new_line() -> str:
    return f"{new_secret(4)}:{new_secret()}"
