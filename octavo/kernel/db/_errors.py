"""What PostgreSQL's errors mean to the rest of the house: a refusal with a sentence, or a mistake of ours."""

from collections.abc import Callable, Mapping
from typing import NoReturn

import asyncpg
from asyncpg import exceptions as pg

from octavo.kernel.refusals import Invalid, Refusal, StorageFull, Unavailable

RefusalMaker = Callable[..., Refusal]
"""A Refusal class, or a function that makes one from the asyncpg error."""


class OutcomeUnknown(Unavailable):
    """The connection broke while COMMIT was under way, so nobody can say whether it was kept."""

    title = "The connection was lost while saving. Please check whether it was saved before you try again"


_BUSY = "The site is very busy. Nothing was saved; please try again in a moment."
_LOST = "The database is not answering. Nothing was saved; please try again in a moment."
_SLOW = "That took too long and was stopped. Nothing was saved; please try again in a moment."
_FULL = "There is no room left on the disk. Nothing was saved; the operator has to free some space."

_MEANING: tuple[tuple[type[Exception], Callable[[], Refusal]], ...] = (
    (pg.DiskFullError, lambda: StorageFull(_FULL)),
    (pg.TooManyConnectionsError, lambda: Unavailable(_BUSY)),
    (pg.QueryCanceledError, lambda: Unavailable(_SLOW)),
    (pg.LockNotAvailableError, lambda: Unavailable(_BUSY)),
    (pg.DeadlockDetectedError, lambda: Unavailable(_BUSY)),
    (pg.SerializationError, lambda: Unavailable(_BUSY)),
    (pg.ReadOnlySQLTransactionError, lambda: Unavailable(_LOST)),
    (pg.PostgresConnectionError, lambda: Unavailable(_LOST)),
    (pg.OperatorInterventionError, lambda: Unavailable(_LOST)),
    (pg.ObjectNotInPrerequisiteStateError, lambda: Unavailable(_LOST)),  # the database takes no connections now
    (pg.CharacterNotInRepertoireError, lambda: Invalid("The text contains a character that cannot be stored.")),
    (pg.UntranslatableCharacterError, lambda: Invalid("The text contains a character that cannot be stored.")),
    (pg.NumericValueOutOfRangeError, lambda: Invalid("A number is too large or too small.")),
    (TimeoutError, lambda: Unavailable(_SLOW)),
    (OSError, lambda: Unavailable(_LOST)),
)


_NONE: Mapping[str, RefusalMaker] = {}


def surface(error: Exception, refusals: Mapping[str, RefusalMaker] = _NONE) -> NoReturn:
    """Raise the refusal that `error` means, or `error` itself when it is a mistake in our code."""
    refusal = _refusal_for(error, refusals)
    if refusal is None:
        raise error
    raise refusal from error


def busy() -> Refusal:
    return Unavailable(_BUSY)


def _refusal_for(error: Exception, refusals: Mapping[str, RefusalMaker]) -> Refusal | None:
    if isinstance(error, pg.IntegrityConstraintViolationError):
        maker = refusals.get(error.constraint_name or "")
        if maker is None:
            return None
        return maker() if isinstance(maker, type) else maker(error)
    for kind, make in _MEANING:
        if isinstance(error, kind):
            return make()
    if isinstance(error, asyncpg.DataError) and isinstance(error.__cause__, OverflowError):
        return Invalid("A number is too large or too small.")
    if isinstance(error, asyncpg.InterfaceError) and "clos" in str(error):
        return Unavailable(_LOST)  # "connection is closed", or closed in the middle of the operation
    if isinstance(error, asyncpg.InternalClientError):
        return Unavailable(_LOST)  # the server's farewell was still unread on the connection
    return None
