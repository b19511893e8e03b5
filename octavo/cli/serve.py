"""`octavo serve`: the web processes alone, beside a database that runs elsewhere."""

import asyncio

from octavo.cli.engines import database_url
from octavo.cli.listening import address, bind, ports
from octavo.cli.logs import log_as_json
from octavo.cli.options import DataOption, HostOption, JsonOption, PortOption
from octavo.cli.store import require_store
from octavo.cli.supervisor import Supervisor
from octavo.cli.up import READY_WITHIN, announce, web_children
from octavo.settings import load_settings


def serve(
    data: DataOption = None,
    port: PortOption = None,
    host: HostOption = None,
    as_json: JsonOption = False,
) -> None:
    """Serve pages and the API. Background work needs `octavo worker` somewhere."""
    from octavo import app

    http = {name: value for name, value in (("port", port), ("host", host)) if value is not None}
    settings = load_settings(data, http=http)
    log_as_json()
    shares = bind(settings, app.DIALECTS)
    require_store(settings)
    with database_url(settings) as url:
        asyncio.run(app.prepare_database(url))
        supervisor = Supervisor(web_children(settings, url, shares), None)
        try:
            supervisor.start(within=READY_WITHIN)
            if not supervisor.stopping:
                announce(address(settings, shares[0]["web"]), ports(shares[0]), as_json=as_json)
            supervisor.run()
        finally:
            supervisor.stop()
