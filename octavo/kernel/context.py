"""The context that every action and query of an outer layer receives: who asks, when, and with which engines."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from octavo.kernel.blobs import Blobs
from octavo.kernel.cache import Cache
from octavo.kernel.db import Database
from octavo.kernel.events import Signals
from octavo.settings import Settings


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks. An anonymous visitor has no `user_id`; a job acts as `SYSTEM`."""

    user_id: UUID | None = None
    session_id: UUID | None = None
    name: str = ""
    roles: frozenset[str] = frozenset()
    locale: str = ""  # blank where the person has chosen none

    @property
    def signed_in(self) -> bool:
        return self.user_id is not None


ANYONE = Actor()
SYSTEM = Actor(name="Octavo", roles=frozenset({"system"}))


@dataclass(frozen=True, slots=True)
class Databases:
    """One database by default; three names, so that each may move to a server of its own. No transaction spans two."""

    main: Database
    user: Database
    ledger: Database


@dataclass(frozen=True, slots=True)
class Engines:
    """What a process has at hand, made once at its start and closed at its end."""

    settings: Settings
    db: Databases
    blobs: Blobs
    cache: Cache
    signals: Signals

    def context(self, now: datetime, *, actor: Actor = SYSTEM, request_id: str = "") -> "Context":
        """The context of work that no request asked for: a job, a consumer of events, a command."""
        return Context(actor, now, self, request_id=request_id)


@dataclass(frozen=True, slots=True)
class Context:
    actor: Actor
    now: datetime
    engines: Engines
    locale: str = "en"
    request_id: str = ""

    @property
    def db(self) -> Databases:
        return self.engines.db

    @property
    def settings(self) -> Settings:
        return self.engines.settings

    @property
    def blobs(self) -> Blobs:
        return self.engines.blobs

    def acting_as(self, actor: Actor) -> "Context":
        return replace(self, actor=actor)
