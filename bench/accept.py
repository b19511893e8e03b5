"""Messages accepted over HTTP, durably, 64 in flight: against the same transaction behind a bare Starlette route.

Where TWILIO_OAI names a directory of the vendor's OpenAPI files, also against Stoplight Prism, which keeps nothing, as
its manual starts it; ours then with as many web processes (OCTAVO_HTTP_PROCESSES) as the machine has cores.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from socket import socket

import uvicorn
import uvloop
from msgspec import structs
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from bench.frame import Measure
from bench.messages import Sender, a_sender, load, opened
from bench.prism import mocked
from octavo.cli.listening import bind
from octavo.kernel.db import EmbeddedServer
from octavo.settings import Settings, load_settings

REQUESTS = 6_000
ROUNDS = 4
SHARE, TIMES = 0.6, 10.0
# The bench has one account, which may call as often as it can.
SETTINGS = {"http": {"port": 0}, "comms": {"requests_per_second": 10_000_000}}


def run() -> Sequence[Measure]:
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(Path(folder), environ={}, **SETTINGS)
        server = EmbeddedServer(settings.data_dir, settings.db)
        url = server.start()
        try:
            sender = uvloop.run(a_sender(settings, url))
            ours, bare = _compare(settings, url, sender)
            measures = [Measure("accepted, against bare Starlette", ours, bare, SHARE, "messages/s", at_most=False)]
            measures += _against_prism(settings, url, sender)
        finally:
            server.stop()
    return measures


def _against_prism(settings: Settings, url: str, sender: Sender) -> Sequence[Measure]:
    if os.environ.get("TWILIO_OAI"):
        servers = Server("ours", settings, url, sender, processes=os.cpu_count() or 1)
        try:
            with mocked(Path(os.environ["TWILIO_OAI"]) / "twilio_api_v2010.json") as mock:
                ports = {"ours": (servers.port, REQUESTS), "Prism": (mock, REQUESTS // 4)}
                rates = _in_turn(ports, sender)
        finally:
            servers.stop()
        name = "accepted, against Prism's mock"
        return [Measure(name, rates["ours"], rates["Prism"], TIMES, "messages/s", at_most=False)]
    print("Prism is left out: TWILIO_OAI names no directory with the vendor's OpenAPI files.", file=sys.stderr)
    return []


def _compare(settings: Settings, url: str, sender: Sender) -> tuple[float, float]:
    servers = {kind: Server(kind, settings, url, sender) for kind in ("ours", "bare")}
    try:
        rates = _in_turn({kind: (server.port, REQUESTS) for kind, server in servers.items()}, sender)
    finally:
        for server in servers.values():
            server.stop()
    return rates["ours"], rates["bare"]


def _in_turn(servers: dict[str, tuple[int, int]], sender: Sender) -> dict[str, float]:
    """Messages per second of each, the medians of rounds in turn: what else the machine does meets all of them."""
    rates: dict[str, list[float]] = {kind: [] for kind in servers}
    for number in range(ROUNDS + 1):
        for kind, (port, requests) in servers.items():
            rate = uvloop.run(load(port, sender, requests))
            if number > 0:  # the first round fills caches and opens connections
                rates[kind].append(rate)
    return {kind: statistics.median(some) for kind, some in rates.items()}


class Server:
    """A server in processes of its own: `ours` on the port of the dialect, `web` on our own, or the `bare` one."""

    def __init__(self, kind: str, settings: Settings, url: str, sender: Sender, *, processes: int = 1) -> None:
        several = structs.replace(settings, http=structs.replace(settings.http, processes=processes))
        self.sockets = [one["web"] for one in bind(several, ())]
        self.port: int = self.sockets[0].getsockname()[1]
        self.processes = []
        for one in self.sockets:
            words = [kind, url, str(settings.data_dir), str(one.fileno()), sender.account_sid, sender.token]
            command = [sys.executable, "-m", "bench.accept", *words]
            self.processes.append(subprocess.Popen(command, pass_fds=[one.fileno()], stderr=subprocess.DEVNULL))

    def stop(self) -> None:
        for process in self.processes:
            process.terminate()
            process.wait(10)
        for one in self.sockets:
            one.close()


def _serve_ours(settings: Settings, url: str, name: str, listening: socket) -> None:
    from octavo import app

    uvloop.run(app.run_web(settings, url, {name: listening}, lambda: None))


def _serve_bare(settings: Settings, url: str, listening: socket, account_sid: str, token: str) -> None:
    """What one would write without a protocol: the credentials compared, the form read, the same action, an answer."""
    from base64 import b64encode

    from octavo.kernel.clock import now
    from octavo.products.comms.account.queries import account
    from octavo.products.comms.message.actions import create_message
    from octavo.products.comms.message.rows import NewMessage
    from octavo.products.comms.sids import read_sid

    authorization = "Basic " + b64encode(f"{account_sid}:{token}".encode()).decode()

    async def main() -> None:
        async with opened(settings, url, "bare") as engines:
            owner = await account(engines.db.main, read_sid(account_sid, "AC"))

            async def accept(request: Request) -> JSONResponse:
                if request.headers.get("authorization") != authorization:
                    return JSONResponse({"code": 20003}, 401)
                form = await request.form()
                new = NewMessage(to=str(form["To"]), from_=str(form["From"]), body=str(form["Body"]))
                made = await create_message(engines.context(now()), owner, new)
                return JSONResponse({"sid": made.sid, "status": made.status, "body": made.body}, 201)

            path = "/2010-04-01/Accounts/{account_sid}/Messages.json"
            app = Starlette(routes=[Route(path, accept, methods=["POST"])])
            config = uvicorn.Config(
                app, loop="none", http="httptools", lifespan="off", log_config=None, access_log=False
            )
            await uvicorn.Server(config).serve([listening])

    uvloop.run(main())


if __name__ == "__main__":
    kind, url, folder, descriptor, account_sid, token = sys.argv[1:]
    listening, settings = socket(fileno=int(descriptor)), load_settings(Path(folder), environ={}, **SETTINGS)
    if kind == "bare":
        _serve_bare(settings, url, listening, account_sid, token)
    else:
        _serve_ours(settings, url, "twilio" if kind == "ours" else kind, listening)
