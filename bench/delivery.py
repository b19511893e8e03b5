"""Ranges of 500 KB behind a signed token, warm and cold, against nginx's sendfile of the same file, plain.

One process each, the best of twelve rounds. Cold means that the page cache holds nothing of the file before a round.
What a range takes of the processor is told beside: it depends less on what else the machine does.
"""

import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import asyncpg
import uvloop

from bench.frame import Measure
from octavo.kernel.db import EmbeddedServer
from octavo.kernel.ids import new_id
from octavo.kernel.media.delivery import tokens
from octavo.kernel.media.delivery.keys import playback_keys
from octavo.kernel.processes import die_with_parent
from octavo.settings import Settings, load_settings

FILE_BYTES = 512 * 1024 * 1024
RANGE_BYTES = 500_000
CONNECTIONS = 4
WARM_REQUESTS, COLD_REQUESTS = 4_000, 600
ROUNDS = 12
GOAL = 0.9
MOST_COST = 2.0  # times what nginx takes, which checks no token
KEY = "media/film/track/480p.mp4"
NGINX = """\
daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log; events {{ }}
http {{
    sendfile on; tcp_nopush on; access_log off; keepalive_requests 1000000; types {{ video/mp4 mp4; }}
    client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
    uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


class Server(NamedTuple):
    """`path` is what it is asked for."""

    port: int
    pid: int
    path: str

    def processor_seconds(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run() -> Sequence[Measure]:
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")
    if nginx is None:
        raise SystemExit("This benchmark runs beside nginx. Install it with: sudo apt-get install nginx-light")
    with tempfile.TemporaryDirectory(dir=os.environ.get("OCTAVO_BENCH_DIR")) as folder:
        settings = load_settings(Path(folder), environ={}, http={"port": 0})
        database = EmbeddedServer(settings.data_dir, settings.db)
        url = database.start()
        try:
            film = settings.data_dir / "blobs" / "objects" / KEY
            address = uvloop.run(_prepare(settings, url, film))
            with _octavo(settings, url) as ours, _nginx(nginx, Path(folder) / "nginx", film.parent) as plain:
                return _compare({"ours": Server(*ours, address), "nginx": Server(*plain, f"/{film.name}")}, film)
        finally:
            database.stop()


def _compare(servers: dict[str, Server], film: Path) -> list[Measure]:
    """The best of the rounds, in turn: what else the machine does disturbs both, and the best of each the least.

    Each is the first of every second round: the other finds the machine as the first has left it.
    """
    rates: dict[tuple[str, str], float] = {}
    costs: dict[tuple[str, str], float] = {}
    for number in range(ROUNDS + 1):
        for temperature, requests in (("warm", WARM_REQUESTS), ("cold", COLD_REQUESTS)):
            for name, server in sorted(servers.items(), reverse=number % 2 == 0):
                (_warm if temperature == "warm" else _chill)(film)
                rate, cost = _load(server, requests)
                if number > 0:  # the first round opens connections and fills our own caches
                    of = temperature, name
                    rates[of], costs[of] = max(rates.get(of, 0.0), rate), min(costs.get(of, cost), cost)
    return [
        *(Measure(f"{temperature} ranges of 500 KB", rates[temperature, "ours"], rates[temperature, "nginx"], GOAL,
                  "1/s", at_most=False) for temperature in ("warm", "cold")),
        Measure("processor time of a warm range", costs["warm", "ours"], costs["warm", "nginx"], MOST_COST, "us"),
    ]  # fmt: skip


def _load(server: Server, requests: int) -> tuple[float, float]:
    """Ranges per second, and the microseconds of processor time that the server took for one."""
    started, before = time.perf_counter(), server.processor_seconds()
    with ThreadPoolExecutor(CONNECTIONS) as readers:
        share = requests // CONNECTIONS
        done = [readers.submit(_read, server.port, server.path, share, seed) for seed in range(CONNECTIONS)]
        for reader in done:
            reader.result()
    spent = server.processor_seconds() - before
    return requests / (time.perf_counter() - started), spent / requests * 1e6


def _read(port: int, path: str, times: int, seed: int) -> None:
    chance, sink = random.Random(seed), bytearray(1 << 20)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        for _ in range(times):
            start = chance.randrange(FILE_BYTES - RANGE_BYTES)
            ends = start + RANGE_BYTES - 1
            connection.sendall(f"GET {path} HTTP/1.1\r\nHost: o\r\nRange: bytes={start}-{ends}\r\n\r\n".encode())
            _swallow(connection, sink)


def _swallow(connection: socket.socket, sink: bytearray) -> None:
    head = b""
    while b"\r\n\r\n" not in head:
        head += connection.recv(4096, socket.MSG_PEEK)
        end = head.find(b"\r\n\r\n")
        connection.recv(len(head) if end < 0 else end + 4)
        head = head if end < 0 else head[: end + 4]
    assert head.startswith(b"HTTP/1.1 206"), head
    left = RANGE_BYTES
    while left:
        got = connection.recv_into(sink, min(left, len(sink)))
        assert got, "the server hung up"
        left -= got


def _warm(film: Path) -> None:
    """Twice: only what was read again counts as active, and who reads it first pays for that."""
    for _ in range(2):
        with film.open("rb") as file:
            while file.read(1 << 22):
                pass


def _chill(film: Path) -> None:
    with film.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


async def _prepare(settings: Settings, url: str, film: Path) -> str:
    """A complete film of one large track, as its rows say; gives the signed address of the track."""
    from octavo import app

    film.parent.mkdir(parents=True)
    block = random.Random(1).randbytes(1 << 20)
    with film.open("wb") as file:
        for _ in range(FILE_BYTES >> 20):
            file.write(block)
    await app.prepare_database(url)
    asset_id, now = new_id(), datetime.now(UTC)
    connection = await asyncpg.connect(url)
    try:
        await _write_rows(connection, asset_id, now)
    finally:
        await connection.close()
    token = tokens.sign(asset_id, now + timedelta(hours=12), playback_keys(settings)[0])
    return f"/play/{token}/{asset_id}/1/480p.mp4"


async def _write_rows(connection: "asyncpg.Connection[asyncpg.Record]", asset_id: UUID, now: datetime) -> None:
    await connection.execute(
        """
        INSERT INTO media.asset (asset_id, owner_id, purpose, filename, state, size, created_at, changed_at)
        VALUES ($1, $1, 'video.title', 'film.mp4', 'complete', $2, $3, $3)
        """,
        asset_id,
        FILE_BYTES,
        now,
    )
    await connection.execute(
        """
        INSERT INTO media.rendition (asset_id, rendition, kind, position, codec, parameters, state, key, sha256)
        VALUES ($1, '480p', 'video', 0, 'avc1', '{}', 'ready', $2, $3)
        """,
        asset_id,
        KEY,
        "0" * 64,
    )
    await connection.execute(
        "INSERT INTO media.manifest VALUES ($1, 1, 1, 'whole', ARRAY['480p'], $2)",
        asset_id,
        now,
    )


@contextmanager
def _octavo(settings: Settings, url: str) -> Iterator[tuple[int, int]]:
    listening = socket.create_server(("127.0.0.1", 0))
    command = [sys.executable, "-m", "bench.delivery", url, str(settings.data_dir), str(listening.fileno())]
    with _running(command, listening.getsockname()[1], pass_fds=[listening.fileno()]) as server:
        yield server
    listening.close()


@contextmanager
def _nginx(program: str, folder: Path, root: Path) -> Iterator[tuple[int, int]]:
    folder.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, root=root))
    with _running([program, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"], port) as ready:
        yield ready


@contextmanager
def _running(command: list[str], port: int, pass_fds: Sequence[int] = ()) -> Iterator[tuple[int, int]]:
    process = subprocess.Popen(
        command, pass_fds=pass_fds, stderr=subprocess.DEVNULL, preexec_fn=die_with_parent()
    )  # the access log costs ours what it costs, and goes nowhere
    try:
        _until(lambda: socket.create_connection(("127.0.0.1", port), 1).close())
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(10)


def _until(attempt: Callable[[], None]) -> None:
    for _ in range(600):
        with suppress(OSError):
            attempt()
            return
        time.sleep(0.05)
    attempt()


def _serve(settings: Settings, url: str, listening: socket.socket) -> None:
    from octavo import app

    uvloop.run(app.run_web(settings, url, {"web": listening}, lambda: None))


if __name__ == "__main__":
    database_url, data_folder, descriptor = sys.argv[1:]
    _serve(
        load_settings(Path(data_folder), environ={}, http={"port": 0}),
        database_url,
        socket.socket(fileno=int(descriptor)),
    )
