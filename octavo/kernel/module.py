"""What a package brings to the house: its routes, jobs, consumers, migrations and commands, declared in one place."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from octavo.kernel.events import Consumer
from octavo.kernel.http import Dialect, Route
from octavo.kernel.jobs import Job, Schedule

if TYPE_CHECKING:
    from octavo.kernel.context import Engines


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalData:
    """A table that holds something about a person: why it is kept, and what erasure does with it."""

    table: str
    person: str  # the column that names the user
    purpose: str
    erase: str  # "delete", "anonymise" or the reason it must be kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A column of secrets under the master key, which are sealed anew when that changes.

    `owner` and `id` are the columns of the primary key; `context` is what each secret is bound to, with `{owner}` and
    `{id}` in the places of theirs.
    """

    table: str
    column: str
    context: str
    owner: str = "account_id"
    id: str = "id"


@dataclass(frozen=True, slots=True)
class Service:
    """Work that never ends, for what is too frequent for jobs: `run(engines, stopping)` claims and works by itself.

    It returns once `stopping` is set, and sits out a database that is away. `process` is where it runs: `worker`, or
    `carrier` for what holds lines to the outside.
    """

    name: str
    run: "Callable[[Engines, asyncio.Event], Coroutine[object, object, None]]"
    process: str = "worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One kernel package. `migrations` is its folder of NNNN_name.sql files, applied in order."""

    name: str
    routes: Sequence[Route] = ()
    dialects: Sequence[Dialect] = ()
    jobs: Sequence[Job] = ()
    schedules: Sequence[Schedule] = ()
    consumers: Sequence[Consumer] = ()
    services: Sequence[Service] = ()
    migrations: Path | None = None
    commands: typer.Typer | None = None
    personal_data: Sequence[PersonalData] = ()
    sealed: Sequence[Sealed] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NavItem:
    label: str
    href: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Product(Module):
    """One of the eight. `title` and `summary` are for people; `home` is its first page."""

    title: str
    summary: str
    home: str
    icon: str
    nav: Sequence[NavItem] = ()
