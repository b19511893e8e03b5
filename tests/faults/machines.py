"""Other machines: network namespaces of Linux with a cable (veth) to this one, or else processes of their own.

What a machine reaches here it reaches through wires, which count what goes over them.
"""

import asyncio
import os
import random
import subprocess
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from octavo.kernel.processes import die_with_parent
from tests.harness.running import clean_environment

# Of documentation's own network (RFC 2544), which nobody routes.
NETWORK = "198.18"
SUBNETS = 256 * 64  # of four addresses each
OWN_HOST_NAME = ["unshare", "--uts", "--", "sh", "-c", 'hostname "$0" && exec "$@"']
Connect = Callable[[], Coroutine[Any, Any, tuple[asyncio.StreamReader, asyncio.StreamWriter]]]


@dataclass
class Machine:
    """`gateway` is this machine as the other sees it, `address` the other as this one sees it; `log` what it says."""

    name: str
    gateway: str
    address: str
    data_dir: Path
    prefix: list[str]
    cut: Callable[[], None]
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def log(self) -> Path:
        return self.data_dir.with_suffix(".log")

    def run(self, command: list[str], environment: Mapping[str, str]) -> None:
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [*self.prefix, *command],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**clean_environment(), **environment},
                preexec_fn=die_with_parent(),
                start_new_session=True,
            )
        self.processes.append(process)

    def switch_off(self) -> list[int]:
        for process in self.processes:
            process.terminate()
        return [process.wait(60) for process in self.processes]


@contextmanager
def namespaces(names: list[str], folder: Path) -> Iterator[list[Machine]]:
    """Needs root and iproute2; raises CalledProcessError or FileNotFoundError where it cannot be."""
    with ExitStack() as stack:
        subnets = random.Random(os.urandom(8)).sample(range(SUBNETS), len(names))
        yield [
            stack.enter_context(_namespace(name, folder / name, subnet))
            for name, subnet in zip(names, subnets, strict=True)
        ]


@contextmanager
def _namespace(name: str, data_dir: Path, subnet: int) -> Iterator[Machine]:
    chance = random.Random(os.urandom(8))
    space, cable = f"octavo-{chance.randrange(1 << 32):08x}", f"ov{chance.randrange(1 << 32):08x}"
    net, quarter = divmod(subnet, 64)
    gateway, address = (f"{NETWORK}.{net}.{4 * quarter + n}" for n in (1, 2))
    _ip("netns", "add", space)
    machine = Machine(
        name,
        gateway,
        address,
        data_dir,
        [_where("ip"), "netns", "exec", space, *OWN_HOST_NAME, name],
        cut=lambda: _ip("link", "set", cable, "down"),
    )
    try:
        _ip("link", "add", cable, "type", "veth", "peer", "name", "eth0", "netns", space)
        _ip("address", "add", f"{gateway}/30", "dev", cable)
        _ip("link", "set", cable, "up")
        for words in (f"address add {address}/30 dev eth0", "link set eth0 up", "link set lo up"):
            _ip("-n", space, *words.split())
        yield machine
    finally:
        _end(machine)
        _ip("netns", "delete", space)


@contextmanager
def processes(names: list[str], folder: Path) -> Iterator[list[Machine]]:
    """Where namespaces are not allowed: the same machine, with another data directory. To cut one is to kill it."""
    machines = [_process(name, folder / name) for name in names]
    try:
        yield machines
    finally:
        for machine in machines:
            _end(machine)


def _process(name: str, data_dir: Path) -> Machine:
    machine = Machine(name, "127.0.0.1", "127.0.0.1", data_dir, [], cut=lambda: _end(machine))
    return machine


def _end(machine: Machine) -> None:
    for process in machine.processes:
        with suppress(ProcessLookupError):
            process.kill()
        process.wait()


def _ip(*words: str) -> None:
    subprocess.run([_where("ip"), *words], check=True, capture_output=True)


def _where(program: str) -> str:
    """Debian keeps it where only root looks."""
    for folder in ("/usr/sbin", "/sbin", "/usr/bin", "/bin"):
        if os.access(f"{folder}/{program}", os.X_OK):
            return f"{folder}/{program}"
    raise FileNotFoundError(program)


@dataclass
class Wire:
    """From an address of this machine to a server of it. `up` counts what came from the other machine."""

    connect: Connect
    port: int = 0
    up: int = 0
    callers: set[str] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._relay(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.callers.add(writer.get_extra_info("peername")[0])
        there_reader, there_writer = await self.connect()
        await asyncio.gather(self._carry(reader, there_writer, up=True), self._carry(there_reader, writer, up=False))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, up: bool) -> None:
        with suppress(OSError):
            while block := await reader.read(1 << 16):
                self.up += len(block) if up else 0
                writer.write(block)
                await writer.drain()
        writer.close()

    async def listen(self, address: str) -> asyncio.Server:
        server = await asyncio.start_server(self.serve, address, 0)
        self.port = server.sockets[0].getsockname()[1]
        return server


@contextmanager
def wired(*wires: tuple[str, Wire]) -> Iterator[None]:
    """The wires, each at its address, in a thread of their own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    servers = [asyncio.run_coroutine_threadsafe(wire.listen(address), loop).result() for address, wire in wires]
    try:
        yield
    finally:
        for server in servers:
            loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(_end_all(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
