"""The pages of no product."""

from collections.abc import AsyncIterator

import httpx
import pytest

from octavo import app
from octavo.kernel.context import Context, Engines
from octavo.kernel.identity import create_user, open_session


@pytest.fixture
async def signed_in(ctx: Context, engines: Engines) -> AsyncIterator[httpx.AsyncClient]:
    user = await create_user(
        ctx, name="Nadia Okafor", email="nadia@example.org", username="nadia", password="a long walk by the sea"
    )
    headers = {"Cookie": f"octavo_session={(await open_session(ctx, user.id, kind='cookie')).token}"}
    transport = httpx.ASGITransport(app=app.web_application(engines))
    async with httpx.AsyncClient(transport=transport, base_url="http://octavo.test", headers=headers) as client:
        yield client


async def test_what_a_browser_keeps_for_later_names_nobody(signed_in: httpx.AsyncClient) -> None:
    """The service worker shows it to whoever sits at this device then."""
    assert "Nadia Okafor" in (await signed_in.get("/")).text
    kept = await signed_in.get("/offline")
    assert kept.status_code == 200
    assert "Nadia Okafor" not in kept.text
