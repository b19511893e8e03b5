"""Root in a container: no user namespaces, no looking into other users' processes. It starts all the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="only root has powers to give away"),
]

# What Docker takes from root that matters here.
_LIKE_DOCKER = ("setpriv", "--bounding-set=-sys_admin,-sys_ptrace,-dac_read_search", "--")

_LIVE_A_LIFE = """
import os, signal, sys, time
from pathlib import Path
from octavo.kernel.db import EmbeddedServer
from octavo.kernel.db.embedded._pidfile import processes_in
from tests.kernel.db.embedded.asking import ask, eventually, owner

data = Path(sys.argv[1])
server = EmbeddedServer(data)
ask(server.start(), "CREATE TABLE kept AS SELECT 7 AS n")
print("owned by", server.cluster.stat().st_uid)
print("found", len(processes_in(server.cluster)) > 3, EmbeddedServer(data).running_url() == server.url)
server.process.kill()
server.process.wait()
print("after kill -9", ask(server.start(), "SELECT n FROM kept"))
server.stop()
print("left", processes_in(server.cluster))
process, postmaster, url = owner(data)
process.kill()
process.wait()
print("ended with its owner", eventually(lambda: not processes_in(server.cluster)))
print("again", ask(server.start(), "SELECT n FROM kept"))
server.stop()
"""

_BEGIN = """
import sys
from pathlib import Path
from octavo.kernel.db import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]))
server.start()
print("started")
server.stop()
"""


def test_it_lives_as_nobody_where_namespaces_are_forbidden(data_dir: Path, tmp_path: Path) -> None:
    said = _in_a_container(tmp_path, _LIVE_A_LIFE, data_dir)
    assert said.splitlines() == [
        "owned by 65534",
        "found True True",
        "after kill -9 7",
        "left []",
        "ended with its owner True",
        "again 7",
    ]


def test_it_begins_as_nobody_below_a_directory_of_root_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    said = _in_a_container(tmp_path, _BEGIN, tmp_path / "data")
    assert said == "started\n"


def _in_a_container(tmp_path: Path, script: str, data_dir: Path) -> str:
    """Run in a changed root directory, in which the kernel allows no user namespaces, without Docker's lost powers."""
    root = tmp_path / "root"
    root.mkdir()
    done = subprocess.run(
        [
            *("unshare", "--mount", "--", "sh", "-c", 'mount --rbind / "$0" && exec chroot "$0" "$@"', str(root)),
            *_LIKE_DOCKER,
            *(sys.executable, "-c", script, str(data_dir)),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return done.stdout + done.stderr
