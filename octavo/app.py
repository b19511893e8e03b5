"""The one file that knows every product: it merges what they declare, and gives each process its engines."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from socket import IPPROTO_IPV6, IPV6_V6ONLY, socket

from octavo.kernel import http, identity, media
from octavo.kernel.article.module import MODULE as ARTICLE
from octavo.kernel.blobs import open_blobs
from octavo.kernel.cache import Cache
from octavo.kernel.callbacks.module import MODULE as CALLBACKS
from octavo.kernel.clock import now
from octavo.kernel.context import ANYONE, Context, Databases, Engines
from octavo.kernel.db import Database, migrate
from octavo.kernel.events import Relay, Signals
from octavo.kernel.events.module import MODULE as EVENTS
from octavo.kernel.http.module import MODULE as HTTP
from octavo.kernel.identity.module import MODULE as IDENTITY
from octavo.kernel.jobs import Scheduler, Worker
from octavo.kernel.jobs.module import MODULE as JOBS
from octavo.kernel.mail.module import MODULE as MAIL
from octavo.kernel.media.module import MODULE as MEDIA
from octavo.kernel.metrics import leave_metrics, metrics_folder
from octavo.kernel.module import Module, Product, Service
from octavo.kernel.outgoing import close_outgoing
from octavo.kernel.search.module import MODULE as SEARCH
from octavo.kernel.subject.module import MODULE as SUBJECT
from octavo.products import comms, video
from octavo.products.comms.proxy.authority import authority
from octavo.products.comms.proxy.tunnel import Proxy
from octavo.settings import Settings
from octavo.ui.module import MODULE as UI
from octavo.ui.render import make_renderer

KERNEL: Sequence[Module] = (HTTP, EVENTS, JOBS, CALLBACKS, IDENTITY, SUBJECT, MAIL, MEDIA, SEARCH, ARTICLE)
PRODUCTS: Sequence[Product] = (video.PRODUCT, comms.PRODUCT)
MODULES: Sequence[Module] = (*KERNEL, UI, *PRODUCTS)
JOBS_OF_ALL = [job for module in MODULES for job in module.jobs]
SCHEDULES = [schedule for module in MODULES for schedule in module.schedules]
CONSUMERS = [consumer for module in MODULES for consumer in module.consumers]
SERVICES = [service for module in MODULES for service in module.services]
DIALECTS: Sequence[str] = list(dict.fromkeys(dialect.name for module in MODULES for dialect in module.dialects))
MEDIA_QUEUES = ("live", "first", "bulk")
# Requests leave few cycles behind; looking for them after each 700 new objects, Python's own measure, costs 2 %.
OBJECTS_BETWEEN_COLLECTIONS = 10_000
# What works on uploads runs where their spools lie: beside the web server.
WORK_QUEUES = ("default", "intake")

media.register_purposes(video.PURPOSES)


async def prepare_database(url: str) -> list[str]:
    """Bring the schema up to date; the names of the migrations that were applied."""
    return await migrate(url, MODULES)


@asynccontextmanager
async def opened_engines(settings: Settings, url: str, *, application: str) -> AsyncIterator[Engines]:
    """The engines of one process, closed at the end. `application` is how PostgreSQL names its connections."""
    async with AsyncExitStack() as stack:
        database = await Database.open(url, settings.db, application=application)
        stack.push_async_callback(database.close)
        signals = Signals(database)
        await signals.start()
        stack.push_async_callback(signals.stop)
        engines = Engines(
            settings=settings,
            db=Databases(main=database, user=database, ledger=database),
            blobs=open_blobs(settings),
            cache=Cache(settings.cache),
            signals=signals,
        )
        stack.push_async_callback(close_outgoing, engines)
        yield engines


def web_application(engines: Engines, process: str = "web") -> http.Application:
    render = make_renderer(MODULES, engines)
    return http.build_app(
        MODULES,
        engines,
        render=render,
        authenticate=identity.authenticate,
        context=Context,
        anyone=ANYONE,
        process=process,
    )


async def run_web(
    settings: Settings, url: str, sockets: Mapping[str, socket], ready: Callable[[], None], process: str = "web"
) -> None:
    """Serve pages, the API and the dialects on sockets that are bound already, by name, until SIGTERM."""
    async with opened_engines(settings, url, application=process) as engines, _figures_left(settings, process):
        application = web_application(engines, process)
        gc.collect()
        gc.freeze()  # routes and schemas stay for good: looking through them again and again costs each request
        gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
        await http.serve(application, sockets, engines, on_ready=ready)


@asynccontextmanager
async def _figures_left(settings: Settings, process: str) -> AsyncIterator[None]:
    """Whichever of several web processes is asked for the metrics knows those of the others."""
    if settings.http.processes == 1:
        yield
        return
    stopping = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(leave_metrics(metrics_folder(settings.data_dir), process, stopping))
        try:
            yield
        finally:
            stopping.set()


async def run_worker(
    settings: Settings, url: str, queues: Sequence[str], stopping: asyncio.Event, ready: Callable[[], None]
) -> None:
    """Run the jobs of `queues` until `stopping`; the worker of the default queue also relays events and schedules."""
    async with opened_engines(settings, url, application=f"worker {','.join(queues)}") as engines:
        await asyncio.to_thread(media.remove_folders_of_the_dead, engines.blobs)
        worker = Worker(engines, JOBS_OF_ALL, queues, concurrency=media.steps_at_a_time(settings.media))
        ready()
        async with asyncio.TaskGroup() as group:
            group.create_task(worker.run(stopping))
            group.create_task(leave_metrics(metrics_folder(settings.data_dir), f"worker-{'-'.join(queues)}", stopping))
            if "default" in queues:
                group.create_task(Relay(engines, CONSUMERS).run(stopping))
                group.create_task(Scheduler(engines, SCHEDULES).run(stopping))
                for service in _services_of("worker"):
                    group.create_task(service.run(engines, stopping), name=service.name)


async def run_carrier(settings: Settings, url: str, stopping: asyncio.Event, ready: Callable[[], None]) -> None:
    """Run what holds lines to the outside, in a process that may end and begin again without anyone else noticing."""
    async with opened_engines(settings, url, application="carrier") as engines, asyncio.TaskGroup() as group:
        for service in _services_of("carrier"):
            group.create_task(service.run(engines, stopping), name=service.name)
        group.create_task(leave_metrics(metrics_folder(settings.data_dir), "carrier", stopping))
        ready()


async def run_proxy(
    settings: Settings, listening: socket, dialect: socket, stopping: asyncio.Event, ready: Callable[[], None]
) -> None:
    """Lead the clients of a hosted service to our dialect of it, which listens on `dialect`."""
    proxy = Proxy(authority(settings.data_dir, now()), _beside(dialect))
    ready()
    await proxy.serve(listening, stopping)


def _beside(listening: socket) -> str:
    """Where this machine reaches it: over IPv4 if it can, because there the proxy's clients are told apart."""
    host, port = listening.getsockname()[:2]
    if host == "0.0.0.0" or (host == "::" and not listening.getsockopt(IPPROTO_IPV6, IPV6_V6ONLY)):  # noqa: S104
        host = "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _services_of(process: str) -> list[Service]:
    return [service for service in SERVICES if service.process == process]
