"""`octavo comms proxy`: code that talks to the hosted service talks to this Octavo, by environment variables alone."""

import asyncio
import json as json_text
import os
import signal
import socket
from pathlib import Path
from typing import Annotated

import typer

from octavo.kernel.clock import now
from octavo.kernel.command_line import DataOption, JsonOption
from octavo.products.comms.proxy.authority import authority
from octavo.products.comms.proxy.tunnel import Proxy
from octavo.settings import load_settings


def proxy(
    data: DataOption = None,
    to: Annotated[
        str,
        typer.Option(
            help="Where the dialect listens. Default: http://127.0.0.1 and the port OCTAVO_TWILIO_PORT.",
            show_default=False,
        ),
    ] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8899,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    json: JsonOption = False,
) -> None:
    """Lead the vendor's hosts to this Octavo: set as HTTPS proxy, its official SDKs work unchanged. Ctrl-C stops it."""
    settings = load_settings(data)
    signer = authority(settings.data_dir, now())
    try:
        listening = socket.create_server((host, port))
    except OSError as error:
        raise typer.BadParameter(f"cannot listen on {host}:{port}: {error.strerror}", param_hint="--port") from None
    with listening:
        address = f"http://{host}:{listening.getsockname()[1]}"
        leads_to = to or _dialect()
        told = {"proxy": address, "ca": str(signer.path), "to": leads_to}
        words = json_text.dumps(told) if json else instructions(address, signer.path)
        asyncio.run(_until_signal(Proxy(signer, leads_to), listening, words))


def instructions(address: str, certificate: Path) -> str:
    """Lines to paste into a shell, one of them per SDK."""
    return "\n".join(
        [
            f"The proxy is ready at {address}.",
            "",
            "# Python, Ruby, PHP, Go, curl",
            f"export HTTPS_PROXY={address} REQUESTS_CA_BUNDLE='{certificate}' SSL_CERT_FILE='{certificate}'",
            "# Node",
            f"export HTTP_PROXY={address} NODE_EXTRA_CA_CERTS='{certificate}'",
            "# curl, once",
            f"curl --proxy {address} --cacert '{certificate}' -u \"$ACCOUNT_SID:$AUTH_TOKEN\" \\",
            '  "https://api.twilio.com/2010-04-01/Accounts/$ACCOUNT_SID.json"',
            "",
            "Ctrl-C stops it.",
        ]
    )


def _dialect() -> str:
    port = os.environ.get("OCTAVO_TWILIO_PORT", "")
    if not port.isdecimal() or port == "0":
        raise typer.BadParameter(
            "say where the dialect listens: octavo up --json prints its port as ports.twilio, "
            "and OCTAVO_TWILIO_PORT sets it for both commands",
            param_hint="--to",
        )
    return f"http://127.0.0.1:{port}"


async def _until_signal(proxy: Proxy, listening: socket.socket, words: str) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    print(words, flush=True)  # only now: who reads it may end it at once
    await proxy.serve(listening, stopping)
