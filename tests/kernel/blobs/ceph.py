"""Ceph's RADOS Gateway as Debian packages it, for one test session: a monitor, a store in memory, the gateway."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from octavo.kernel.processes import die_with_parent
from tests.harness.addresses import port_of_its_own

PROGRAMS = ("ceph", "ceph-authtool", "ceph-mon", "ceph-osd", "monmaptool", "radosgw", "radosgw-admin")
NOT_HERE = "Ceph is not installed: apt-get install radosgw ceph-mon ceph-osd ceph-common"
IS_HERE = all(map(shutil.which, PROGRAMS))
needs_ceph = [
    pytest.mark.long,
    pytest.mark.borrowed,
    pytest.mark.xdist_group("ceph"),
    pytest.mark.skipif(not IS_HERE, reason=NOT_HERE),
]
ENOUGH_SECONDS = 60.0

# To rules about the age of objects, a second is a day.
_CONFIGURATION = """
[global]
fsid = {fsid}
mon_host = [v2:127.0.0.1:{monitor}/0]
mon_initial_members = a
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pg_autoscale_mode = off
mon_allow_pool_size_one = true
mon_data_avail_crit = 1
osd_crush_chooseleaf_type = 0
osd_objectstore = memstore
memstore_device_bytes = 4294967296
rgw_rados_pool_pg_num_min = 1
rgw_dynamic_resharding = false
rgw_lc_debug_interval = 1
run_dir = {folder}
admin_socket = {folder}/$name.sock
pid_file = {folder}/$name.pid
log_file = {folder}/$name.log
mon_data = {folder}/mon
osd_data = {folder}/osd
keyring = {folder}/keyring
"""


@contextmanager
def ceph_gateway(folder: Path, *, access_key: str, secret_key: str) -> Iterator[str]:
    """The address of a gateway that knows one user, who may make buckets."""
    with port_of_its_own() as monitor, port_of_its_own() as gateway:
        (folder / "ceph.conf").write_text(_CONFIGURATION.format(fsid=uuid4(), monitor=monitor, folder=folder))
        running: list[subprocess.Popen[bytes]] = []
        try:
            _start_monitor(folder, monitor, running)
            osd = str(uuid4())
            _run(folder, "ceph", "osd", "new", osd)
            (folder / "osd").mkdir()
            _run(folder, "ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", osd)
            running.append(_started(folder, "ceph-osd", "-i", "0", "-f"))
            listening = f"--rgw_frontends=beast endpoint=127.0.0.1:{gateway}"
            running.append(_started(folder, "radosgw", "-n", "client.rgw", listening, "-f"))
            url = f"http://127.0.0.1:{gateway}"
            _wait_for(url)
            user = ("--uid=octavo", "--display-name=Octavo", f"--access-key={access_key}", f"--secret-key={secret_key}")
            _run(folder, "radosgw-admin", "user", "create", *user)
            yield url
        finally:
            for process in reversed(running):
                process.kill()
                process.wait()


def _start_monitor(folder: Path, port: int, running: list[subprocess.Popen[bytes]]) -> None:
    keyring, monmap = str(folder / "keyring"), str(folder / "monmap")
    everything = ("--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *")
    _run(folder, "ceph-authtool", "--create-keyring", keyring, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *")
    for name in ("client.admin", "osd.0", "client.rgw"):
        _run(folder, "ceph-authtool", keyring, "--gen-key", "-n", name, *everything)
    _run(folder, "monmaptool", "--create", "--addv", "a", f"[v2:127.0.0.1:{port}]", monmap)
    (folder / "mon").mkdir()
    _run(folder, "ceph-mon", "-i", "a", "--mkfs", "--monmap", monmap, "--keyring", keyring)
    running.append(_started(folder, "ceph-mon", "-i", "a", "-f"))


def _run(folder: Path, program: str, *arguments: str) -> None:
    done = subprocess.run(
        [program, *arguments], env=_environment(folder), capture_output=True, text=True, timeout=ENOUGH_SECONDS
    )
    assert done.returncode == 0, done.stderr


def _started(folder: Path, program: str, *arguments: str) -> subprocess.Popen[bytes]:
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(
        [program, *arguments],
        env=_environment(folder), stdout=nowhere, stderr=nowhere, preexec_fn=die_with_parent(signal.SIGKILL),
    )  # fmt: skip


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "CEPH_CONF": str(folder / "ceph.conf")}


def _wait_for(url: str) -> None:
    give_up = time.monotonic() + ENOUGH_SECONDS
    while time.monotonic() < give_up:
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError("the gateway did not start")
