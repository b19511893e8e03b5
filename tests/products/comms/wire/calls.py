"""The vendor's dialect as a client of its own hosts meets it, over the test's own engines."""

import httpx

from octavo.products.comms.account.rows import NewAccount
from tests.harness.web import AppServer


def calling(server: AppServer, new: NewAccount | None, host: str = "api") -> httpx.AsyncClient:
    """A client that signs in as the account and keeps the vendor's Host header."""
    return httpx.AsyncClient(
        base_url=server.dialects["twilio"],
        auth=(new.account.sid, new.auth_token) if new else None,
        headers={"host": f"{host}.twilio.com"},
    )
