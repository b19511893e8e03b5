"""`octavo doctor` says in a line each what is well, and ends with 1 when something is not."""

import json
from pathlib import Path

import pytest

from tests.cli.calling import octavo
from tests.harness.running import RunningOctavo

pytestmark = pytest.mark.slow
LOOKED_AT = ["data directory", "disk", "store", "database", "ffmpeg", "node", "pages"]


def test_a_running_octavo_is_well(running_octavo: RunningOctavo) -> None:
    told = octavo("doctor", "--data", str(running_octavo.data_dir), "--json")
    findings = {finding["check"]: finding for finding in json.loads(told.stdout)}
    assert list(findings) == LOOKED_AT
    assert all(finding["ok"] for finding in findings.values()), findings
    assert findings["database"]["detail"].startswith("the embedded PostgreSQL 18")
    assert told.returncode == 0


def test_looking_makes_nothing(tmp_path: Path) -> None:
    told = octavo("doctor", "--data", str(tmp_path / "octavo" / "data"))
    assert told.returncode == 0, told.stdout
    assert "the embedded PostgreSQL can start" in told.stdout
    assert not (tmp_path / "octavo").exists()


def test_a_database_that_does_not_answer_is_found(tmp_path: Path) -> None:
    told = octavo("doctor", "--data", str(tmp_path), DATABASE_URL="postgresql://octavo@127.0.0.1:1/octavo")
    assert told.returncode == 1
    assert [line.split()[1] for line in told.stdout.splitlines() if line.startswith("BAD")] == ["database"]
    assert "Traceback" not in told.stdout + told.stderr
