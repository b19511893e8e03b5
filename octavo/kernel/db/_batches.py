"""Statements over very many rows, a batch at a time, so that none holds its locks for long."""

from octavo.kernel.db._queryable import Queryable

BATCH = 5_000


async def execute_in_batches(db: Queryable, statement: str, *values: object) -> int:
    """Repeat `statement`, whose last parameter is the most rows it may touch, until it finds no full batch more.

    Give it a database, not a transaction: each batch is to commit by itself. Gives the number of rows.
    """
    total = 0
    while True:
        touched = await db.execute(statement, *values, BATCH)
        total += touched
        if touched < BATCH:
            return total
