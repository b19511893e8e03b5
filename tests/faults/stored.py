"""What is left of a film at the end: its files by content, its rows, and whatever belongs to neither."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg

from octavo.kernel.db import EmbeddedServer
from tests.harness.files import digests_of, files_below, sha256_of

# A server that was killed, or has not come back yet.
AWAY = (OSError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError, asyncpg.InterfaceError)
ROWS = {
    "asset": "SELECT count(*) FROM media.asset",
    "title": "SELECT count(*) FROM video.title",
    "subject": "SELECT count(*) FROM subject.subject",
    "rendition": "SELECT count(*) FROM media.rendition WHERE state = 'ready'",
    "unfinished rendition": "SELECT count(*) FROM media.rendition WHERE state <> 'ready'",
    "manifest": "SELECT count(*) FROM media.manifest",
    "part": "SELECT count(*) FROM media.upload_part",
    "sheet": "SELECT count(*) FROM media.storyboard_sheet",
}
KEYS = """
    SELECT source_key AS key FROM media.asset UNION ALL SELECT poster_key FROM media.asset
    UNION ALL SELECT key FROM media.poster
    UNION ALL SELECT key FROM media.rendition UNION ALL SELECT key FROM media.chunk
    UNION ALL SELECT key FROM media.subtitle UNION ALL SELECT key FROM media.storyboard_sheet
"""


# Gives the SHA-256 of every file of the store by its key; `data_dir` is where a local one lies.
Digests: TypeAlias = Callable[[Path], Mapping[str, str]]


@dataclass(frozen=True)
class Stored:
    """`files` is the SHA-256 of every published file, sorted; `orphans` are files that no row names."""

    files: list[str]
    rows: dict[str, int]
    orphans: list[str]
    unpublished: list[str]


def differences(left: Stored, expected: Stored) -> str:
    """For people, who would not find them in two lists of hashes."""
    more, fewer = Counter(left.files), Counter(expected.files)
    found = {
        "files too many": sorted((more - fewer).elements()),
        "files too few": sorted((fewer - more).elements()),
        "rows": {
            name: (count, expected.rows[name]) for name, count in left.rows.items() if count != expected.rows[name]
        },
        "orphans": left.orphans,
        "orphans expected": expected.orphans,
        "unpublished": left.unpublished,
        "unpublished expected": expected.unpublished,
    }
    return "; ".join(f"{name}: {what}" for name, what in found.items() if what)


def local_digests(data_dir: Path, digest: Callable[[Path], str] = sha256_of) -> dict[str, str]:
    objects = data_dir / "blobs" / "objects"
    return digests_of(files_below(objects), lambda key: digest(objects / key), gone=FileNotFoundError)


@asynccontextmanager
async def database_of(data_dir: Path, url: str | None = None) -> AsyncIterator[Any]:
    """A connection to it. Where PostgreSQL was killed a moment ago it is waited for: a film may be complete by then."""
    async with asyncio.timeout(60):
        while True:
            with suppress(*AWAY):
                if at := url or EmbeddedServer(data_dir).running_url():
                    connection = await asyncpg.connect(at)
                    break
            await asyncio.sleep(0.05)
    try:
        yield connection
    finally:
        await connection.close()


async def stored(data_dir: Path, digests: Digests = local_digests, url: str | None = None) -> Stored:
    """Looks at a running Octavo's data directory, store and database from outside. `url` is of a database elsewhere."""
    async with database_of(data_dir, url) as connection:
        rows = {name: await connection.fetchval(sql) for name, sql in ROWS.items()}
        keys = {row["key"] for row in await connection.fetch(KEYS)} - {""}
    files = digests(data_dir)
    return Stored(
        files=sorted(files.values()),
        rows=rows,
        orphans=sorted(set(files) - keys) + sorted(keys - set(files)),
        unpublished=files_below(data_dir / "blobs" / "spool"),
    )
