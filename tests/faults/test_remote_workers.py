"""Media workers on other machines: the same database and store, a data directory of their own, and nothing shared.

Each of two machines reaches this one over a cable of its own, and takes its part of a film. Where network namespaces
are not allowed they are processes, which the test says (`--junit-xml`, `-rP`).
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from tests.cli.calling import octavo_running
from tests.faults.machines import Machine, Wire, namespaces, processes, wired
from tests.faults.patient import PatientClient
from tests.faults.stored import stored
from tests.faults.test_failing_store import in_bucket
from tests.faults.trial import Undisturbed, settled
from tests.harness.files import files_below
from tests.kernel.blobs.stores import ACCESS_KEY, SECRET_KEY, made_bucket

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
NAMES = ["near", "far"]
KIND = {namespaces: "network namespaces", processes: "processes"}


class House(NamedTuple):
    """The web server and the default worker here, a machine for media each over there, with what it can reach."""

    client: PatientClient
    machines: list[Machine]
    databases: list[Wire]
    stores: list[Wire]
    bucket: str
    url: str


@pytest.fixture
def machines(tmp_path: Path, record_property: Callable[[str, object], None]) -> Iterator[list[Machine]]:
    with ExitStack() as stack:
        for kind in (namespaces, processes):
            try:
                machines = stack.enter_context(kind(NAMES, tmp_path))
            except (subprocess.CalledProcessError, FileNotFoundError):
                continue
            record_property("machines", KIND[kind])
            print(f"The other machines are {KIND[kind]}.")
            break
        yield machines


@pytest.fixture
def house(machines: list[Machine], fresh_database_url: str, moto: str, tmp_path: Path) -> Iterator[House]:
    bucket = made_bucket(moto)
    there = urlsplit(moto)
    stores = [Wire(partial(asyncio.open_connection, there.hostname, there.port)) for _ in machines]
    databases = [Wire(partial(asyncio.open_unix_connection, unix_socket(fresh_database_url))) for _ in machines]
    gateways = [machine.gateway for machine in machines]
    environment = {"DATABASE_URL": fresh_database_url, **settings(moto, bucket)}
    data = ("--data", str(tmp_path / "here"))
    with (
        wired(*zip(gateways, stores, strict=True), *zip(gateways, databases, strict=True)),
        octavo_running("serve", "--port", "0", "--json", *data, **environment) as web,
        octavo_running("worker", *data, **environment),
    ):
        assert web.stdout is not None
        url = json.loads(web.stdout.readline())["url"]
        for machine, store, database in zip(machines, stores, databases, strict=True):
            begin_work(machine, store, database, bucket, urlsplit(fresh_database_url).path)
        client = PatientClient(SimpleNamespace(url=url, logged=lambda: logged(machines)))  # type: ignore[arg-type]
        yield House(client, machines, databases, stores, bucket, fresh_database_url)


def begin_work(machine: Machine, store: Wire, database: Wire, bucket: str, name: str) -> None:
    command = [sys.executable, "-m", "octavo.cli", "worker", "--queue", "media", "--data", str(machine.data_dir)]
    environment = {
        "DATABASE_URL": f"postgresql://octavo@{machine.gateway}:{database.port}{name}",
        # Each takes one step at a time, so that there is something for the other one.
        "OCTAVO_MEDIA_FIRST_AT_A_TIME": "1",
        "OCTAVO_MEDIA_BULK_AT_A_TIME": "1",
    }
    machine.run(command, {**environment, **settings(f"http://{machine.gateway}:{store.port}", bucket)})


def test_two_machines_make_one_film(house: House, film: Path, undisturbed: Undisturbed, moto: str) -> None:
    asyncio.run(eventually_two_workers(house))
    house.client.upload(film, lambda offset: None)
    house.client.wait_until_complete()
    assert whole(house, moto, undisturbed) == undisturbed.stored
    for machine, store, database in zip(house.machines, house.stores, house.databases, strict=True):
        assert store.callers == database.callers == {machine.address}
        assert store.up > 50_000, f"{machine.name} has made nothing"
        assert eventually_left_on(machine) == []
    assert [machine.switch_off() for machine in house.machines] == [[0], [0]]


@pytest.mark.long
def test_a_machine_whose_cable_is_cut_is_missed_by_nobody(
    house: House, film: Path, undisturbed: Undisturbed, moto: str
) -> None:
    asyncio.run(eventually_two_workers(house))
    house.client.upload(film, lambda offset: None)
    while house.stores[1].up < 20_000:
        time.sleep(0.05)
    house.machines[1].cut()
    house.client.wait_until_complete()
    assert whole(house, moto, undisturbed) == undisturbed.stored
    assert eventually_left_on(house.machines[0]) == []


def whole(house: House, moto: str, undisturbed: Undisturbed) -> object:
    look = partial(stored, house.machines[0].data_dir, lambda _: in_bucket(moto, house.bucket), house.url)
    return asyncio.run(settled(look, undisturbed.stored))


async def eventually_two_workers(house: House) -> None:
    connection = await asyncpg.connect(house.url)
    deadline = time.monotonic() + 60
    while True:
        hosts = await connection.fetch("SELECT host FROM jobs.worker WHERE 'first' = ANY(queues)")
        if len(hosts) == len(house.machines):
            break
        assert time.monotonic() < deadline, logged(house.machines)
        await asyncio.sleep(0.1)
    await connection.close()
    if house.machines[0].prefix:
        assert {row["host"].split()[0] for row in hosts} == set(NAMES)


def eventually_left_on(machine: Machine) -> list[str]:
    """What stays in its spool. A step is done a moment before its worker has tidied up after it."""
    deadline = time.monotonic() + 60
    while (left := left_on(machine)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def left_on(machine: Machine) -> list[str]:
    return files_below(machine.data_dir / "blobs" / "spool")


def logged(machines: list[Machine]) -> str:
    return "\n".join(machine.log.read_text(errors="replace")[-2000:] for machine in machines)


def settings(endpoint: str, bucket: str) -> dict[str, str]:
    store = {"ENGINE": "s3", "ENDPOINT": endpoint, "BUCKET": bucket}
    keys = {"ACCESS_KEY_ID": ACCESS_KEY, "SECRET_ACCESS_KEY": SECRET_KEY}
    return {f"OCTAVO_BLOBS_{name}": value for name, value in {**store, **keys}.items()}


def unix_socket(url: str) -> str:
    """Where the server of the tests listens: on no network at all."""
    asked = parse_qs(urlsplit(url).query)
    return f"{asked['host'][0]}/.s.PGSQL.{asked.get('port', ['5432'])[0]}"
