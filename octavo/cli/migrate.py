"""`octavo migrate`: bring the database's schema up to date."""

import asyncio

from octavo.cli.engines import database_url
from octavo.cli.options import DataOption
from octavo.settings import load_settings


def migrate(data: DataOption = None) -> None:
    """Apply the migrations that the database does not have yet. Whatever uses a database does this by itself."""
    from octavo import app

    with database_url(load_settings(data)) as url:
        applied = asyncio.run(app.prepare_database(url))
    print("\n".join(f"applied {name}" for name in applied) or "The database is up to date.")
