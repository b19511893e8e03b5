"""Uploading by tus: tuspy with checksums, the memory that it takes, and without checksums beside @tus/server."""

import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
from tusclient.client import TusClient

from bench.frame import Measure
from octavo.kernel.processes import die_with_parent
from octavo.ui.node import node_command
from tests.harness.running import RunningOctavo
from tests.wire.accounts import signed_up
from tests.wire.packages import HERE, node_modules

GOAL, MOST_GROWTH = 100.0, 100.0
# What our server does besides: it hashes every byte and brings it to the disk before it says so.
AGAINST_PEER = 0.5
CHUNK = 64 << 20
MB = 1e6
LOOK_EVERY = 0.05


def run(mib: str = "5120") -> Sequence[Measure]:
    """`--mib=512` for a quick run."""
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder:
        room = Path(folder)
        film = room / "film.mp4"
        with film.open("wb") as file:
            file.truncate(int(mib) << 20)  # a file of holes: reading it costs the client nothing
        octavo = RunningOctavo(room / "octavo").start()
        try:
            with closing(signed_up(octavo.url)) as account:
                checked, growth = _ours(octavo, account, film, checksum=True)
                plain, _ = _ours(octavo, account, film, checksum=False)
        finally:
            octavo.stop()
        with _peer(room / "peer") as url:
            peer = _sent(url, {}, film, checksum=False)
    return (
        Measure("tuspy with checksums", checked, None, GOAL, "MB/s", at_most=False),
        Measure("memory that the server's processes grow by", growth, None, MOST_GROWTH, "MB"),
        Measure("tuspy without checksums", plain, peer, AGAINST_PEER, "MB/s", at_most=False),
    )


def _ours(octavo: RunningOctavo, account: httpx.Client, film: Path, *, checksum: bool) -> tuple[float, float]:
    """MB a second, and by how many MB the server grew. The film is thrown away afterwards."""
    headers = {"Authorization": account.headers["Authorization"]}
    with _watched(octavo.pid) as growth:
        speed = _sent(f"{octavo.url}/api/media/v1/uploads", headers, film, checksum=checksum)
    for title in account.get("/api/video/v1/titles", params={"owner": "me"}).raise_for_status().json()["items"]:
        account.delete(f"/api/video/v1/titles/{title['id']}", params={"permanently": "true"}).raise_for_status()
    return speed, growth[0]


def _sent(url: str, headers: dict[str, str], film: Path, *, checksum: bool) -> float:
    """MB a second, from the first request to the last answer."""
    began = time.perf_counter()
    client = TusClient(url, headers=headers)
    uploader = client.uploader(str(film), chunk_size=CHUNK, metadata={"filename": film.name}, upload_checksum=checksum)
    uploader.upload()
    seconds = time.perf_counter() - began
    if uploader.get_offset() != film.stat().st_size:
        raise RuntimeError("the server does not have all of it")
    return film.stat().st_size / MB / seconds


@contextmanager
def _peer(folder: Path) -> Iterator[str]:
    node_modules()
    folder.mkdir()
    process = subprocess.Popen(
        node_command(str(HERE / "tus_peer.mjs"), str(folder), str(1 << 40)),
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=die_with_parent(),
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/files"
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def _watched(supervisor: int) -> Iterator[list[float]]:
    """The list holds, at the end, by how many MB all Python processes of an Octavo together grew at the most."""
    before = most = _resident(supervisor)
    grown = [0.0]
    ended = threading.Event()

    def look() -> None:
        nonlocal most
        while not ended.wait(LOOK_EVERY):
            most = max(most, _resident(supervisor))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield grown
    finally:
        ended.set()
        thread.join()
        grown[0] = (most - before) / MB


def _resident(pid: int) -> int:
    """Bytes of private memory of a process and those below it; what they share would count once for each."""
    total = 0
    try:
        if "postgres" not in Path(f"/proc/{pid}/cmdline").read_text():
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
            private = (line.split() for line in rollup.splitlines() if line.startswith("Private_"))
            total = sum(int(words[1]) * 1024 for words in private)
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (FileNotFoundError, ProcessLookupError):  # it has just ended
        return 0
    return total + sum(_resident(int(child)) for child in children)
