"""The frame of the benchmarks: what counts as reached, and the line that programs read."""

import json
import subprocess
import sys

import pytest

from bench.frame import Measure, print_json, print_table
from tests.tidy.house import ROOT


def test_beside_a_peer_the_goal_bounds_the_ratio() -> None:
    assert Measure("wall clock", ours=6.0, peer=10.0, goal=0.65).ok
    assert not Measure("wall clock", ours=7.0, peer=10.0, goal=0.65).ok
    assert Measure("jobs", ours=20.0, peer=2.0, goal=10.0, at_most=False).ok
    assert not Measure("jobs", ours=19.0, peer=2.0, goal=10.0, at_most=False).ok


def test_without_a_peer_the_ratio_is_ours_to_the_goal() -> None:
    quick = Measure("warm start", ours=1.5, peer=None, goal=3.0)
    assert (quick.ratio, quick.ok) == (0.5, True)
    assert not Measure("warm start", ours=3.3, peer=None, goal=3.0).ok


def test_the_last_line_is_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    measures = [Measure("wall clock", 6.0, 10.0, 0.65, "s"), Measure("warm start", 3.3, None, 3.0, "s")]
    print_table(measures)
    print_json("ladder", measures)
    *table, line = capsys.readouterr().out.splitlines()
    assert json.loads(line) == {
        "bench": "ladder",
        "measures": [
            {"name": "wall clock", "ours": 6.0, "peer": 10.0, "ratio": 0.6, "goal": 0.65, "ok": True},
            {"name": "warm start", "ours": 3.3, "peer": None, "ratio": 1.1, "goal": 3.0, "ok": False},
        ],
    }
    assert ["missed" in row for row in table] == [False, False, True]


@pytest.mark.slow
def test_every_claim_is_listed_with_what_it_measures() -> None:
    told = subprocess.run([sys.executable, "-m", "bench"], cwd=ROOT, capture_output=True, text=True, check=True)
    rows = [line.split(maxsplit=1) for line in told.stdout.splitlines()]
    messages = {"accept", "bulk", "callbacks", "list", "smpp", "through"}
    films = {"av1", "delivery", "first-playable", "ladder", "manifests", "pertitle", "players", "upload"}
    assert {name for name, _ in rows} == {"jobs", "read", "start"} | films | messages
    assert all(sentence.strip() for _, sentence in rows)
