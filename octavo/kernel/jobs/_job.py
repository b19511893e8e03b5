"""What a job is: a name, a queue, a handler, and what happens when it fails."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from inspect import signature
from typing import TYPE_CHECKING, Any, get_type_hints

import msgspec

if TYPE_CHECKING:
    from octavo.kernel.jobs._run import Run

Handler = Callable[["Run", Any], Awaitable[None]]


class GiveUp(Exception):
    """Raised by a handler when trying again cannot help. The job is dead at once, with this as its reason."""


class LeaseLost(Exception):
    """The run does not own its job any more: cancelled, taken over, or being given back."""


@dataclass(frozen=True, slots=True)
class Backoff:
    """Seconds before the next start: `first`, then `factor` times as long, `longest` at most, a little random."""

    first: float = 1.0
    factor: float = 3.0
    longest: float = 600.0

    def seconds(self, starts: int) -> float:
        """The wait after so many starts, spread by a tenth so that failures do not march in step."""
        exact = min(self.longest, self.first * self.factor ** min(starts - 1, 50))
        return exact * random.uniform(0.9, 1.1)  # noqa: S311 -- no secret


@dataclass(frozen=True)
class Job:
    name: str
    handler: Handler
    queue: str = "default"
    max_starts: int = 5
    retry: Backoff = field(default_factory=Backoff)
    timeout: float = 600.0

    @cached_property
    def takes(self) -> type[msgspec.Struct]:
        """The struct of its arguments, read from the handler's second parameter."""
        parameters = list(signature(self.handler).parameters)
        if len(parameters) != 2:
            raise TypeError(f"The handler of {self.name} must take (run, args).")
        hints = get_type_hints(self.handler)
        takes = hints.get(parameters[1])
        if not (isinstance(takes, type) and issubclass(takes, msgspec.Struct)):
            raise TypeError(f"The arguments of {self.name} must be a msgspec.Struct, not {takes!r}.")
        return takes


def job(
    name: str,
    *,
    queue: str = "default",
    max_starts: int = 5,
    retry: Backoff | None = None,
    timeout: float = 600.0,
) -> Callable[[Handler], Job]:
    """Make the decorated `async def handler(run, args)` the job `name`."""

    def make(handler: Handler) -> Job:
        return Job(name, handler, queue, max_starts, retry or Backoff(), timeout)

    return make


@dataclass(frozen=True, slots=True)
class Schedule:
    """Enqueues `job` every so often; never runs it itself. While one waits, no second one is enqueued."""

    name: str
    every: timedelta
    job: Job
    args: msgspec.Struct
