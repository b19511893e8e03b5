"""The vendor's dialect as a client of its own hosts meets it, over the test's own engines.

Every answer is judged by the vendor's documents on its way.
"""

import httpx

from octavo.products.comms.account.rows import NewAccount
from tests.harness.web import AppServer
from tests.wire.twilio.judge import judge


def calling(
    server: AppServer, new: NewAccount | None, host: str = "api", *, as_documented: bool = True
) -> httpx.AsyncClient:
    """A client that signs in as the account and keeps the vendor's Host header."""
    return httpx.AsyncClient(
        base_url=server.dialects["twilio"],
        timeout=60,
        auth=(new.account.sid, new.auth_token) if new else None,
        headers={"host": f"{host}.twilio.com"},
        event_hooks={"response": [_judge]} if as_documented else {},
    )


async def _judge(answer: httpx.Response) -> None:
    """Fails the test where an answer is not as documented."""
    request = answer.request
    url = f"https://{request.headers['host']}{request.url.path}"
    faults = judge(request.method, url, answer.status_code, await answer.aread())
    assert not faults, "\n".join(faults)
