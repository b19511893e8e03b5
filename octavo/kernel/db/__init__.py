"""PostgreSQL: connections, transactions, rows as frozen structs, keyset pages, migrations, and the embedded server."""

from octavo.kernel.db._batches import execute_in_batches
from octavo.kernel.db._database import Database
from octavo.kernel.db._errors import OutcomeUnknown, RefusalMaker
from octavo.kernel.db._migrate import MigrationEdited, MigrationFailed, migrate, migrations_hash
from octavo.kernel.db._page import BadCursor, Page, decode_cursor, encode_cursor, page_of
from octavo.kernel.db._queryable import Queryable
from octavo.kernel.db._text import storable
from octavo.kernel.db._transaction import Transaction
from octavo.kernel.db.embedded import AlreadyRunning, CannotStart, EmbeddedServer, NoLongerWanted

__all__ = [
    "AlreadyRunning",
    "BadCursor",
    "CannotStart",
    "Database",
    "EmbeddedServer",
    "MigrationEdited",
    "MigrationFailed",
    "NoLongerWanted",
    "OutcomeUnknown",
    "Page",
    "Queryable",
    "RefusalMaker",
    "Transaction",
    "decode_cursor",
    "encode_cursor",
    "execute_in_batches",
    "migrate",
    "migrations_hash",
    "page_of",
    "storable",
]
