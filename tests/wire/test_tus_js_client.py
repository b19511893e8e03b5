"""tus-js-client, the browser's uploader, against a running Octavo: whole, in one request, paused, terminated."""

import json
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.harness.running import RunningOctavo
from tests.wire.conftest import RunNode
from tests.wire.waiting import eventually

pytestmark = pytest.mark.slow
SIZE = 24 * 1024 * 1024 + 321


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Bytes enough for several chunks; what they are is found out only by probing."""
    path = tmp_path_factory.mktemp("tus") / "film.mp4"
    path.write_bytes(os.urandom(SIZE))
    return path


def judged(run_node: RunNode, octavo: RunningOctavo, account: httpx.Client, film: Path, plan: str) -> dict[str, Any]:
    token = account.headers["Authorization"].removeprefix("Bearer ")
    process = run_node("tus_client.mjs", f"{octavo.url}/api/media/v1/uploads", token, str(film), plan)
    out, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    told: dict[str, Any] = json.loads(out.splitlines()[-1])
    return told


def head(account: httpx.Client, url: str) -> httpx.Response:
    return account.head(url, headers={"Tus-Resumable": "1.0.0"})


@pytest.mark.parametrize("plan", ["whole", "one-request", "pause"])
def test_it_uploads_to_the_last_byte(
    run_node: RunNode, running_octavo: RunningOctavo, account: httpx.Client, film: Path, plan: str
) -> None:
    told = judged(run_node, running_octavo, account, film, plan)
    assert told["events"] == (["paused", "complete"] if plan == "pause" else ["complete"])
    assert head(account, told["url"]).headers["Upload-Offset"] == str(SIZE)


def test_parts_sent_side_by_side_become_one_film(
    run_node: RunNode, running_octavo: RunningOctavo, account: httpx.Client, film: Path
) -> None:
    """parallelUploads is tus's concatenation."""
    told = judged(run_node, running_octavo, account, film, "parallel")
    assert told["events"] == ["complete"]
    joined = eventually(lambda: offset_of(account, told["url"]))
    assert joined.headers["Upload-Offset"] == joined.headers["Upload-Length"] == str(SIZE)
    assert joined.headers["Upload-Concat"].count("/api/media/v1/uploads/") == 4
    assert "Upload-Expires" not in joined.headers
    for part in joined.headers["Upload-Concat"].removeprefix("final;").split():
        assert head(account, part).status_code == 404


def offset_of(account: httpx.Client, url: str) -> httpx.Response | None:
    """A final upload has an offset once its parts are joined."""
    answer = head(account, url)
    assert answer.status_code == 200
    return answer if "Upload-Offset" in answer.headers else None


def test_a_pause_loses_none_of_what_had_arrived(
    run_node: RunNode, running_octavo: RunningOctavo, account: httpx.Client, film: Path
) -> None:
    offsets = judged(run_node, running_octavo, account, film, "pause")["offsets"]
    resumed = next(after for before, after in pairwise(offsets) if after < before)
    assert resumed > 0


def test_it_terminates_an_upload_in_the_middle(
    run_node: RunNode, running_octavo: RunningOctavo, account: httpx.Client, film: Path
) -> None:
    told = judged(run_node, running_octavo, account, film, "terminate")
    assert told["terminated"]
    assert head(account, told["url"]).status_code in (404, 410)
