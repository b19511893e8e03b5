"""The options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data", help="The data directory. Default: OCTAVO_DATA_DIR, or octavo-data here.", show_default=False
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one line of JSON instead of words.")]
PortOption = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")]
HostOption = Annotated[str | None, typer.Option("--host", help="The address to listen on.")]
