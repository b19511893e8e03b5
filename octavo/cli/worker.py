"""`octavo worker`: background work alone, beside a database that runs elsewhere."""

import asyncio
from typing import Annotated

import typer

from octavo.cli.engines import database_url
from octavo.cli.logs import log_as_json
from octavo.cli.options import DataOption
from octavo.cli.store import require_store
from octavo.settings import load_settings


def worker(
    data: DataOption = None,
    queue: Annotated[
        list[str] | None,
        typer.Option(
            "--queue",
            help="A queue to work on; may be repeated. `media` is live, first and bulk. Default: default and intake.",
        ),
    ] = None,
) -> None:
    """Run background jobs until SIGTERM; running ones are given back within 8 seconds."""
    from octavo import app
    from octavo.cli.processes import worker_process

    settings = load_settings(data)
    log_as_json()
    queues = [name for word in queue or app.WORK_QUEUES for name in (app.MEDIA_QUEUES if word == "media" else (word,))]
    require_store(settings)
    with database_url(settings) as url:
        asyncio.run(app.prepare_database(url))
        worker_process(settings, url, queues, lambda: None)
