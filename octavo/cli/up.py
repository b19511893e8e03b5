"""`octavo up`: everything on this machine, from one command."""

import json
import os
import signal
import time
from collections.abc import Sequence
from contextlib import ExitStack
from functools import partial
from typing import Annotated, Any

import typer

from octavo.cli.data_directory import held_data_directory
from octavo.cli.leaving import Leaving
from octavo.cli.listening import Sockets, address, bind, bind_proxy, ports
from octavo.cli.logs import log_as_json
from octavo.cli.options import DataOption, HostOption, JsonOption, PortOption
from octavo.cli.store import require_store
from octavo.cli.supervisor import Child, Supervisor, say
from octavo.kernel.db import CannotStart, Database, EmbeddedServer
from octavo.kernel.identity import forget_setup_code, is_founded, keep_setup_code
from octavo.settings import Settings, load_settings

READY_WITHIN = 60.0


def up(
    data: DataOption = None,
    port: PortOption = None,
    host: HostOption = None,
    as_json: JsonOption = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Leave the access log out.")] = False,
) -> None:
    """Start everything: PostgreSQL, web, worker, carrier and media worker. Ctrl-C stops it all."""
    http: dict[str, Any] = {"access_log": False} if quiet else {}
    http |= {name: value for name, value in (("port", port), ("host", host)) if value is not None}
    settings = load_settings(data, http=http)
    leaving = Leaving()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leaving)
    with ExitStack() as held:
        with leaving.at_once():
            held.enter_context(held_data_directory(settings.data_dir))
        supervise(settings, leaving, as_json=as_json)


def supervise(settings: Settings, leaving: Leaving, *, as_json: bool) -> None:
    """Run until a signal; then end everything in order."""
    # Imported and migrated once, before the forks: the children share it and are ready the sooner.
    from octavo import app

    started = time.monotonic()
    log_as_json()
    shares, proxy = bind(settings, app.DIALECTS), bind_proxy(settings)
    sockets = shares[0]
    with leaving.at_once():
        require_store(settings)
    postgres = None if settings.db.url else EmbeddedServer(settings.data_dir, settings.db)
    supervisor = None
    try:
        url = start(postgres, leaving) if postgres else settings.db.url
        for name in leaving.run(app.prepare_database(url)):
            say(f"migrated {name}")
        code = leaving.run(_setup_code(settings, url))
        supervisor = Supervisor(children(settings, url, shares, proxy), postgres)
        supervisor.start(within=READY_WITHIN, asked=lambda: leaving.asked)
        if not supervisor.stopping:
            announce(address(settings, sockets["web"]), ports({**sockets, **proxy}), as_json=as_json)
            say(f"ready after {time.monotonic() - started:.1f} s")
            if code:
                say(f"no account yet: open /welcome. From another machine it asks for the set-up code {code}")
        supervisor.run()
    finally:
        if supervisor:
            supervisor.stop()
        elif postgres:
            postgres.stop()


def start(postgres: EmbeddedServer, leaving: Leaving) -> str:
    """The URL. Raises CannotStart."""
    try:
        return postgres.start(wanted=lambda: not leaving.asked)
    except CannotStart:
        leaving.if_asked()
        raise


async def _setup_code(settings: Settings, url: str) -> str:
    """What makes the first account from another machine; empty, and forgotten, once there is an account."""
    database = await Database.open(url, settings.db, application="command")
    try:
        if not await is_founded(database):
            return keep_setup_code(settings.data_dir)
    finally:
        await database.close()
    forget_setup_code(settings.data_dir)
    return ""


def children(settings: Settings, url: str, shares: Sequence[Sockets], proxy: Sockets) -> list[Child]:
    from octavo import app
    from octavo.cli.processes import carrier_process, proxy_process, worker_process

    return [
        *web_children(settings, url, shares),
        Child("worker", partial(worker_process, settings, url, app.WORK_QUEUES)),
        Child("carrier", partial(carrier_process, settings, url)),
        Child("media", partial(worker_process, settings, url, app.MEDIA_QUEUES)),
        *(Child(name, partial(proxy_process, settings, bound, shares[0]["twilio"])) for name, bound in proxy.items()),
    ]


def web_children(settings: Settings, url: str, shares: Sequence[Sockets]) -> list[Child]:
    from octavo.cli.processes import web_process

    names = ["web", *(f"web-{number}" for number in range(2, len(shares) + 1))]
    return [
        Child(name, partial(web_process, settings, url, sockets, name))
        for name, sockets in zip(names, shares, strict=True)
    ]


def announce(url: str, by_dialect: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"url": url, "pid": os.getpid(), "ports": by_dialect}), flush=True)
    else:
        print(f"Octavo is ready: {url}\nCtrl-C stops it.", flush=True)
