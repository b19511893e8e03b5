"""People for the judges: each test signs up its own."""

import httpx

from octavo.kernel.ids import new_id
from tests.harness.addresses import client_of_its_own


def signed_up(url: str) -> httpx.Client:
    """A client with the bearer token of a new account."""
    name = f"judge{new_id().hex[-12:]}"
    account = {"name": "Judge", "email": f"{name}@example.org", "username": name, "password": "correct horse battery"}
    client = client_of_its_own(url)
    answer = client.post("/api/identity/v1/users", json=account)
    answer.raise_for_status()
    client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return client
