"""Folders of steps: those of the dead are removed at the next start, whatever their age, and nobody else's."""

import subprocess
import sys
from pathlib import Path

import pytest

from octavo.kernel.blobs import Blobs, open_blobs
from octavo.kernel.ids import new_id
from octavo.kernel.media import remove_folders_of_the_dead
from octavo.kernel.media.places import work_folder
from octavo.kernel.media.processing.folders import folder_of_step
from octavo.settings import load_settings

HOLDER = """
import sys, time
from pathlib import Path
from octavo.kernel.media.processing.folders import folder_of_step
with folder_of_step(Path(sys.argv[1]), sys.argv[2]) as folder:
    (folder / "piece").touch()
    print(folder, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return open_blobs(load_settings(tmp_path, environ={}))


@pytest.mark.slow
def test_what_a_killed_step_left_is_removed_and_what_a_living_one_holds_stays(blobs: Blobs) -> None:
    parent, dead, living = work_folder(blobs), new_id().hex, new_id().hex
    others = parent / "poster-of-somebody"
    with folder_of_step(parent, living) as held:
        others.mkdir()
        holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(parent), dead], stdout=subprocess.PIPE, text=True)
        assert holder.stdout is not None
        left = Path(holder.stdout.readline().strip())
        assert remove_folders_of_the_dead(blobs) == 0
        holder.kill()
        holder.communicate()
        assert (left / "piece").is_file()
        assert remove_folders_of_the_dead(blobs) == 1
        assert sorted(parent.iterdir()) == sorted([held, others])
    assert list(parent.iterdir()) == [others]


def test_a_start_takes_the_place_of_those_before_it(blobs: Blobs) -> None:
    parent, job = work_folder(blobs), new_id().hex
    (parent / f"{job}-1").mkdir(parents=True)
    with folder_of_step(parent, job) as folder:
        assert list(parent.iterdir()) == [folder]


def test_a_run_that_ends_late_leaves_the_folder_of_the_next_one(blobs: Blobs) -> None:
    parent, job = work_folder(blobs), new_id().hex
    late = folder_of_step(parent, job)
    late.__enter__()
    with folder_of_step(parent, job) as folder:
        (folder / "piece").touch()
        late.__exit__(None, None, None)
        assert (folder / "piece").is_file()
        assert remove_folders_of_the_dead(blobs) == 0
    assert list(parent.iterdir()) == []
