"""The fixtures that every room's tests share: databases, engines, a context, and whole running Octavos."""

from __future__ import annotations

import asyncio
import functools
import os
import uuid
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import hypothesis
import pytest
import uvloop
from _pytest.nodeid import NodeId

from octavo.kernel.clock import now
from octavo.kernel.db import Database
from octavo.settings import Settings
from tests.harness.databases import Databases
from tests.harness.modules import modules
from tests.harness.object_stores import ceph, moto
from tests.harness.receiver import receiver
from tests.harness.running import RunningOctavo
from tests.harness.server import SharedServer
from tests.harness.settings import patient_settings
from tests.harness.web import AppServer, served

if TYPE_CHECKING:
    from octavo.kernel.context import Context, Engines

HERE = Path(__file__).parent
# Hundreds of tests, over HTTP most of them, of a tenth of a second each.
SLOW_TOGETHER = (
    *(HERE / "kernel" / room for room in ("article", "blobs", "callbacks", "db/embedded", "media/upload")),
    *(HERE / "products" / "comms" / room for room in ("carrier", "console", "inbound", "media", "phone", "plain")),
    *(HERE / "products" / "comms" / room for room in ("monitor", "wire")),
    *(HERE / "products" / "video" / room for room in ("mine", "plain", "upload")),
)
__all__ = ["ceph", "moto", "receiver"]  # fixtures of every folder

# How long one example takes depends on what else the machine does; slowness is measured in bench/.
# The same examples in every run, so that what fails has come with the change; long campaigns draw new ones.
hypothesis.settings.register_profile("octavo", deadline=None, derandomize=True)
hypothesis.settings.register_profile("wandering", deadline=None)
hypothesis.settings.load_profile("octavo")

# A client reads the certificates of the whole world, 20 ms, and ours only ever ask this machine: they share them.
httpx._transports.default.create_ssl_context = functools.cache(httpx.create_ssl_context)
# Without a word it waits for 5 s: a busy machine is slow, not broken.
vars(httpx._config.DEFAULT_TIMEOUT_CONFIG).update(dict.fromkeys(("connect", "read", "write", "pool"), 60.0))


def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """The loop of the product's processes: a child's pipes, for one, are other things under asyncio's own."""
    return {"uvloop": uvloop.new_event_loop}


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """The name of this test process, unique within the run (pytest-xdist has it; alone there is one)."""
    return os.environ.get("PYTEST_XDIST_WORKER", "alone")


@pytest.fixture(scope="session")
def databases(worker_id: str) -> Iterator[Databases]:
    run_id = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid.uuid4().hex
    databases = Databases(SharedServer(run_id), modules(), worker_id)
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def _worker_database(databases: Databases) -> Iterator[str]:
    url = databases.clone()
    yield url
    databases.drop(url)


@pytest.fixture
def database_url(databases: Databases, _worker_database: str) -> Iterator[str]:
    """This worker's database with all modules migrated, emptied after each test that used it."""
    yield _worker_database
    databases.empty(_worker_database)


@pytest.fixture
def fresh_database_url(databases: Databases) -> Iterator[str]:
    """A database of the test's own, for tests that break connections or change the schema."""
    url = databases.clone()
    yield url
    databases.drop(url)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Default settings over a data directory of the test's own, with patience for the database."""
    return patient_settings(tmp_path / "data")


@pytest.fixture
async def db(database_url: str, settings: Settings) -> AsyncIterator[Database]:
    database = await Database.open(database_url, settings.db, application="test")
    yield database
    await database.close()


@pytest.fixture
async def engines(db: Database, settings: Settings) -> AsyncIterator[Engines]:
    """Real engines over the worker's database and a temporary data directory."""
    from octavo.kernel.blobs import open_blobs
    from octavo.kernel.cache import Cache
    from octavo.kernel.context import Databases as EngineDatabases
    from octavo.kernel.context import Engines
    from octavo.kernel.events import Signals

    signals = Signals(db)
    await signals.start()
    yield Engines(
        settings=settings,
        db=EngineDatabases(main=db, user=db, ledger=db),
        blobs=open_blobs(settings),
        cache=Cache(settings.cache),
        signals=signals,
    )
    await signals.stop()


@pytest.fixture
def ctx(engines: Engines) -> Context:
    """The house itself as the actor; tests act as people with `ctx.acting_as(...)`."""
    from octavo.kernel.context import SYSTEM, Context

    return Context(actor=SYSTEM, now=now(), engines=engines)


@pytest.fixture
async def app_server(engines: Engines) -> AsyncIterator[AppServer]:
    """The whole web application on a free port, over the test's own engines; gives `.url`."""
    async with served(engines) as server:
        yield server


@pytest.fixture
def octavo_up(tmp_path: Path) -> Iterator[RunningOctavo]:
    """`octavo up` for this test alone, with its own embedded server, to be stopped, killed and started again."""
    running = RunningOctavo(tmp_path / "octavo").start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def running_octavo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningOctavo]:
    """One `octavo up` for all tests of this process that only use it: browsers, wire clients."""
    anywhere = {"OCTAVO_MEDIA_PLAYBACK_ORIGINS": "*", "OCTAVO_MEDIA_SURROUND_SOUND": "true"}
    running = RunningOctavo(tmp_path_factory.mktemp("running") / "octavo", **anywhere).start()
    yield running
    assert running.stop() == 0


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where many tests take a moment each, they are slow together; before options such as `-m` look."""
    for item in items:
        if any(item.path.is_relative_to(room) for room in SLOW_TOGETHER):
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Tests of one `xdist_group` go to one process: that reads the group from the end of their ids, where
    pytest-xdist 3.8 writes it in vain, because pytest 9.2 keeps ids elsewhere.
    """
    if session.config.getoption("loadgroup", False):
        for item in session.items:
            for mark in item.iter_markers("xdist_group"):
                if not item.nodeid.endswith(f"@{mark.args[0]}"):
                    item._id = NodeId.parse(f"{item.nodeid}@{mark.args[0]}")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where OCTAVO_TESTS_REFUSE_SKIPS is set, a skipped test is a failure: nothing that must pass may be left out.

    Only `borrowed` tests may be: what they run is not ours to bring, and another judge stands in for it.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    skipped = [one for one in reporter.stats.get("skipped", []) if "borrowed" not in one.keywords] if reporter else []
    if skipped and os.environ.get("OCTAVO_TESTS_REFUSE_SKIPS"):
        reporter.write_line(f"{len(skipped)} skipped, and none may be: {', '.join(one.nodeid for one in skipped)}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
