"""kill -9 of any process at any moment of an upload or an encode costs nothing that was stored.

Each seed chooses a victim and a moment. Whatever it is, the film becomes complete by itself, its files have the same
bytes as those of an undisturbed run, no row is doubled, no file is orphaned, no process is left behind, and `octavo
media fsck` finds nothing. Of an encrypted film the same is asked of what its one key opens.
"""

from pathlib import Path

import pytest

from tests.faults.trial import Undisturbed, kill_and_compare

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
SEEDS = range(10)
MORE_SEEDS = range(10, 60)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_killed_process_costs_nothing(seed: int, film: Path, undisturbed: Undisturbed, tmp_path: Path) -> None:
    kill_and_compare(seed, film, undisturbed, tmp_path / "octavo")


@pytest.mark.long
@pytest.mark.parametrize("seed", MORE_SEEDS)
def test_a_killed_process_costs_nothing_at_fifty_more_moments(
    seed: int, film: Path, undisturbed: Undisturbed, tmp_path: Path
) -> None:
    kill_and_compare(seed, film, undisturbed, tmp_path / "octavo")
