"""The options that several commands share; those that packages' commands take as well come from the kernel."""

from typing import Annotated

import typer

from octavo.kernel.command_line import DataOption, JsonOption

__all__ = ["DataOption", "HostOption", "JsonOption", "PortOption"]

PortOption = Annotated[int | None, typer.Option("--port", min=0, max=65535, help="The port; 0 takes a free one.")]
HostOption = Annotated[str | None, typer.Option("--host", help="The address to listen on.")]
