"""One row over HTTP with a bearer check: server CPU per request against bare asyncpg behind plain Starlette."""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from socket import create_server, socket
from uuid import UUID

import asyncpg
import psutil
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bench.frame import Measure
from octavo.kernel.db import EmbeddedServer
from octavo.settings import Settings, load_settings

CONNECTIONS = 8
REQUESTS = 4_000
ROUNDS = 5
GOAL = 1.6
SESSION = """
    SELECT s.session_id, u.name, u.roles, u.locale, s.seen_at
    FROM identity.session s JOIN identity.user u ON u.user_id = s.user_id
    WHERE s.user_id = $1 AND s.token_hash = $2 AND s.expires_at > $3 AND u.state = 'active'
"""
ROW = "SELECT user_id AS id, name, username FROM identity.user WHERE user_id = $1"


@dataclass(frozen=True, slots=True)
class Person:
    id: UUID
    token: str


def run() -> Sequence[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(Path(folder), environ={}, http={"port": 0})
        server = EmbeddedServer(settings.data_dir, settings.db)
        url = server.start()
        try:
            person = uvloop.run(_prepare(settings, url))
            ours, bare = _compare(settings, url, person)
        finally:
            server.stop()
    return [Measure("server CPU per request", ours, bare, GOAL, "us")]


def _compare(settings: Settings, url: str, person: Person) -> tuple[float, float]:
    """Microseconds per request of ours and the bare one: the best of the rounds, which other work disturbed least."""
    servers = {kind: _Server(kind, settings, url) for kind in ("ours", "bare")}
    costs: dict[str, list[float]] = {kind: [] for kind in servers}
    try:
        for number in range(ROUNDS + 1):  # in turn, so that what else the machine does meets both
            for kind, server in servers.items():
                cost = uvloop.run(_load(server, person))
                if number > 0:  # the first round fills caches and opens connections
                    costs[kind].append(cost)
    finally:
        for server in servers.values():
            server.stop()
    return min(costs["ours"]), min(costs["bare"])


class _Server:
    """One of the two servers in a process of its own."""

    def __init__(self, kind: str, settings: Settings, url: str) -> None:
        self.socket = create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        command = [sys.executable, "-m", "bench.read", kind, url, str(settings.data_dir), str(self.socket.fileno())]
        self.process = subprocess.Popen(command, pass_fds=[self.socket.fileno()], stderr=subprocess.DEVNULL)

    def cpu(self) -> float:
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        self.socket.close()


async def _load(server: _Server, person: Person) -> float:
    request = (
        f"GET /api/identity/v1/users/{person.id} HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n"
        f"User-Agent: bench\r\nAuthorization: Bearer {person.token}\r\n\r\n"
    ).encode()
    opened = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(CONNECTIONS)]
    await _ask(opened[0], request, 1)  # the server has started when it answers
    before = server.cpu()
    await asyncio.gather(*[_ask(connection, request, REQUESTS // CONNECTIONS) for connection in opened])
    spent = server.cpu() - before
    for _, writer in opened:
        writer.close()
    return spent / REQUESTS * 1_000_000


async def _ask(connection: tuple[asyncio.StreamReader, asyncio.StreamWriter], request: bytes, times: int) -> None:
    reader, writer = connection
    for _ in range(times):
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        assert b'"username"' in await reader.readexactly(length)


async def _prepare(settings: Settings, url: str) -> Person:
    from octavo import app
    from octavo.kernel.context import SYSTEM, Context
    from octavo.kernel.identity import create_user, open_session

    await app.prepare_database(url)
    async with app.opened_engines(settings, url, application="bench") as engines:
        ctx = Context(actor=SYSTEM, now=datetime.now(UTC), engines=engines)
        user = await create_user(ctx, name="Ada", email="ada@example.org", username="ada", password="seven grey herons")
        opened = await open_session(ctx, user.id)
        return Person(user.id, opened.token)


def _serve_ours(settings: Settings, url: str, listening: socket) -> None:
    from octavo import app

    uvloop.run(app.run_web(settings, url, {"web": listening}, lambda: None))


def _serve_bare(url: str, listening: socket) -> None:
    """What one would write without Octavo: the same two statements, the same server."""
    from octavo.kernel.identity.session.rules import read_token

    pool: asyncpg.Pool

    async def show_user(request: Request) -> JSONResponse:
        scheme, _, text = request.headers.get("authorization", "").partition(" ")
        token = read_token(text)
        if scheme != "Bearer" or token is None:
            return JSONResponse({"detail": "Sign in."}, 401)
        async with pool.acquire() as connection:
            if await connection.fetchrow(SESSION, token.user_id, token.hash, datetime.now(UTC)) is None:
                return JSONResponse({"detail": "Sign in."}, 401)
            row = await connection.fetchrow(ROW, UUID(request.path_params["user_id"]))
        if row is None:
            return JSONResponse({"detail": "No such user."}, 404)
        return JSONResponse({"id": str(row["id"]), "name": row["name"], "username": row["username"]})

    async def main() -> None:
        nonlocal pool
        pool = await asyncpg.create_pool(url, min_size=1, max_size=10)
        app = Starlette(routes=[Route("/api/identity/v1/users/{user_id}", show_user)])
        config = uvicorn.Config(app, loop="none", http="httptools", lifespan="off", log_config=None, access_log=False)
        await uvicorn.Server(config).serve([listening])

    uvloop.run(main())


if __name__ == "__main__":
    kind, url, folder, descriptor = sys.argv[1:]
    listening = socket(fileno=int(descriptor))
    if kind == "ours":
        _serve_ours(load_settings(Path(folder), environ={}, http={"port": 0}), url, listening)
    else:
        _serve_bare(url, listening)
