"""API keys in the console."""

import re

from tests.products.comms.console.test_messages import post
from tests.products.conftest import Enter


async def test_a_secret_is_shown_once(enter: Enter) -> None:
    nadia = await enter()
    sid = (await post(nadia, "/comms/accounts", name="Acme")).headers["location"].rpartition("/")[2]
    made = await post(nadia, "/comms/keys", account=sid, name="shop")
    assert made.headers["cache-control"] == "no-store"
    assert "Copy the secret now" in made.text
    page = (await nadia.http.get("/comms/keys")).text
    assert "shop" in page
    assert "Copy the secret now" not in page


async def test_a_key_is_taken_back(enter: Enter) -> None:
    nadia, eve = await enter(), await enter()
    sid = (await post(nadia, "/comms/accounts", name="Acme")).headers["location"].rpartition("/")[2]
    key = re.search(r"SK[0-9a-f]{32}", (await post(nadia, "/comms/keys", account=sid, name="shop")).text)
    assert key is not None
    assert (await post(eve, f"/comms/keys/{key[0]}/delete", account=sid)).status_code == 404
    assert (await post(nadia, f"/comms/keys/{key[0]}/delete", account=sid)).status_code == 303
    assert "No keys yet" in (await nadia.http.get("/comms/keys")).text


async def test_a_key_without_a_name_is_asked_for_one(enter: Enter) -> None:
    nadia = await enter()
    sid = (await post(nadia, "/comms/accounts", name="Acme")).headers["location"].rpartition("/")[2]
    assert (await post(nadia, "/comms/keys", account=sid, name="")).status_code == 422
