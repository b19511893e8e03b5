"""The data directory is taken over from an Octavo that is just ending."""

import fcntl
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from octavo.cli.data_directory import held_data_directory


def before_the_look(path: Path, end: Callable[[], None]) -> bytes:
    end()
    return path.open("rb").read()


def during_the_look(path: Path, end: Callable[[], None]) -> bytes:
    with path.open("rb") as file:
        end()
        return file.read()


@pytest.mark.parametrize("look", [before_the_look, during_the_look])
def test_one_that_ends_while_it_is_looked_at_leaves_the_folder(
    look: Callable[[Path, Callable[[], None]], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = subprocess.Popen(["sleep", "300"])
    with (tmp_path / "octavo.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        print(holder.pid, file=held, flush=True)

        def end() -> None:
            holder.kill()
            holder.wait()
            fcntl.flock(held, fcntl.LOCK_UN)

        monkeypatch.setattr(Path, "read_bytes", lambda path: look(path, end))
        with held_data_directory(tmp_path):
            assert holder.poll() is not None
