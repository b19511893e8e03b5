"""Asking a remote store until it answers: what passes is tried again, and the rest is said in our own words.

What obstore says of a failure holds addresses and access keys, so none of it leaves this file but codes.
"""

import asyncio
import logging
import random
import re
import time
from collections.abc import Awaitable, Callable
from enum import Enum, auto
from typing import TypeVar

from obstore import exceptions

from octavo.kernel.blobs._blob import BlobMissing, StoreUnusable
from octavo.kernel.refusals import Refusal, StorageFull, Unavailable

T = TypeVar("T")
log = logging.getLogger("octavo.blobs")

FIRST_PAUSE, LONGEST_PAUSE = 0.2, 5.0
NO_CREDENTIALS = "no credentials"
WRONG_REGION = "the bucket is in another region"
FULL = frozenset({"QuotaExceeded", "InsufficientCapacity", "XMinioStorageFull"})
_CODE = re.compile(r"<Code>(\w{1,60})</Code>")
_STATUS = re.compile(r"status code: (\d{3})")
# Where machines in a cloud ask for their role: it is only looked for where no key is set.
_ROLES_OF_MACHINES = ("169.254.169.254", "metadata.google")
# Two wrote at the same moment, and neither was heard; a condition that does not hold is 412.
CONFLICT = "409"
_PASSING_STATUS = frozenset({408, 409, 425, 429})


class Kind(Enum):
    PASSING = auto()
    MISSING = auto()
    EXISTS = auto()
    CHANGED = auto()
    WRONG = auto()


class Failure(Exception):
    """What went wrong, as far as it may be told: an HTTP status and the store's own code, or the kind of error."""

    def __init__(self, kind: Kind, said: str) -> None:
        super().__init__(said)
        self.kind = kind
        self.said = said


class CutShort(exceptions.BaseError):
    """Fewer bytes came than were announced."""


async def persist(attempt: Callable[[], Awaitable[T]], *, patience: float, quiet: bool = False) -> T:
    """What `attempt` gives, tried again with growing pauses while the store fails for `patience` seconds at most.

    Raises Failure.
    """
    give_up: float | None = None
    pause = FIRST_PAUSE
    while True:
        try:
            return await attempt()
        except (exceptions.BaseError, FileNotFoundError) as error:
            failure = understood(error)
        if failure.kind is not Kind.PASSING:
            raise failure from None
        now = time.monotonic()
        give_up = now + patience if give_up is None else give_up
        if now + pause > give_up:
            raise failure from None
        if not quiet:
            log.warning("The store of files failed (%s); trying again", failure.said)
        await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 -- spreads load, protects nothing
        pause = min(2 * pause, LONGEST_PAUSE)


def understood(error: Exception) -> Failure:
    text = str(error)
    status, code = _STATUS.search(text), _CODE.search(text)
    said = " ".join(found[1] for found in (status, code) if found) or _in_words(error, text)
    if "incorrectly configured region" in text:
        return Failure(Kind.WRONG, WRONG_REGION)
    if any(host in text for host in _ROLES_OF_MACHINES):
        return Failure(Kind.PASSING if status is None else Kind.WRONG, NO_CREDENTIALS)
    if isinstance(error, exceptions.AlreadyExistsError) and (status is None or status[1] != CONFLICT):
        return Failure(Kind.EXISTS, said)
    if isinstance(error, exceptions.PreconditionError):
        return Failure(Kind.CHANGED, said)
    if isinstance(error, FileNotFoundError) and "NoSuchBucket" not in said:
        return Failure(Kind.MISSING, said)
    if isinstance(error, exceptions.PermissionDeniedError | exceptions.UnauthenticatedError | FileNotFoundError):
        return Failure(Kind.WRONG, said)
    if status is None:
        return Failure(Kind.PASSING, said)
    number = int(status[1])
    return Failure(Kind.PASSING if number >= 500 or number in _PASSING_STATUS else Kind.WRONG, said)


def refusal(failure: Failure, key: str = "") -> Refusal:
    """For whoever asked for the file; what an operator should know is in the log."""
    if failure.kind in (Kind.MISSING, Kind.CHANGED):
        return BlobMissing(f"{key} is not stored here.")
    if any(code in failure.said for code in FULL):
        return StorageFull("There is no room left in the store of files. Nothing was stored.")
    log.error("The store of files refused %s: %s", key or "a request", failure.said)
    if failure.kind is Kind.WRONG:
        return StoreUnusable(f"Files can be neither stored nor read right now ({failure.said}). Nothing was lost.")
    return Unavailable("The store of files does not answer right now. Nothing was lost; try again in a minute.")


def _in_words(error: Exception, text: str) -> str:
    lowered = text.lower()
    if "timed out" in lowered or "timedout" in lowered:
        return "no answer in time"
    if isinstance(error, CutShort):
        return "cut short"
    return "no connection" if "sending request" in lowered or "connect" in lowered else type(error).__name__
