"""The addresses every Octavo has: whether it lives, whether it is ready, what it counts, and what its API is."""

from pathlib import Path

import httpx
import pytest

from octavo.kernel.context import Context, Databases, Engines
from octavo.kernel.db import Database
from octavo.kernel.http import Application, Router, public, routes
from octavo.settings import Settings
from tests.kernel.http.small_house import house, house_of, visiting


@pytest.fixture(autouse=True)
def long_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "READY_SECONDS", 60.0)


async def test_a_process_that_runs_says_so(engines: Engines) -> None:
    async with house_of(engines) as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}
        assert (await client.get("/readyz")).json() == {"status": "ready"}


async def test_a_stopping_process_wants_no_more_requests(engines: Engines) -> None:
    app = house(engines, [])
    app.stop()
    async with visiting(app) as client:
        assert (await client.get("/readyz")).status_code == 503
        assert (await client.get("/healthz")).status_code == 200


async def test_without_its_database_a_process_is_not_ready(
    engines: Engines, fresh_database_url: str, settings: Settings
) -> None:
    database = await Database.open(fresh_database_url, settings.db, application="test")
    alone = Engines(
        settings=engines.settings,
        db=Databases(main=database, user=database, ledger=database),
        blobs=engines.blobs,
        cache=engines.cache,
        signals=engines.signals,
    )
    name = fresh_database_url.partition("@/")[2].partition("?")[0]
    async with house_of(alone) as client:
        assert (await client.get("/readyz")).status_code == 200
        await engines.db.main.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        try:
            await engines.db.main.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
            )
            answer = await client.get("/readyz")
        finally:
            await engines.db.main.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    await database.close()
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"


def from_address(app: Application, address: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app, client=(address, 1)), base_url="http://octavo.test")


@pytest.mark.parametrize(
    ("address", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("192.0.2.7", {}, 403),
        ("127.128.3.4", {}, 403),  # stands for a client of a proxy of ours, who may be anywhere
        ("192.0.2.7", {"authorization": "Bearer ada operator"}, 200),
        ("192.0.2.7", {"authorization": "Bearer ada user"}, 403),
        # A proxy on this machine that nobody listed as trusted: the visitor may be anybody.
        ("127.0.0.1", {"x-forwarded-for": "203.0.113.9"}, 403),
    ],
)
async def test_metrics_are_for_this_machine_and_operators(
    engines: Engines, address: str, headers: dict[str, str], status: int
) -> None:
    async with from_address(house(engines, []), address) as client:
        assert (await client.get("/metrics", headers=headers)).status_code == status


async def test_requests_are_counted_by_route(engines: Engines) -> None:
    api = Router("/api/t/v1", product="test")

    @api.get("/counted/{number}", access=public)
    async def counted(ctx: Context, number: int) -> int:
        return number

    async with from_address(house(engines, api.routes), "127.0.0.1") as client:
        for number in range(3):
            await client.get(f"/api/t/v1/counted/{number}")
        text = (await client.get("/metrics")).text
    assert 'octavo_http_requests_total{process="web",route="GET /api/t/v1/counted/{number}",status="200"} 3.0' in text
    assert 'octavo_http_request_seconds_count{process="web",route="GET /api/t/v1/counted/{number}"} 3.0' in text


async def test_the_document_names_what_the_module_declares(engines: Engines, tmp_path: Path) -> None:
    api = Router("/api/t/v1", product="test")

    @api.get("/things/{number}", access=public, summary="One thing")
    async def thing(ctx: Context, number: int) -> int:
        """More about it."""
        return number

    async with house_of(engines, *api.routes) as client:
        document = (await client.get("/openapi.json")).json()
        page = await client.get("/api")
    operation = document["paths"]["/api/t/v1/things/{number}"]["get"]
    assert operation["summary"] == "One thing"
    assert operation["description"] == "More about it."
    assert operation["parameters"][0]["schema"] == {"type": "integer"}
    assert operation["responses"]["200"]["content"]["application/json"]["schema"] == {"type": "integer"}
    assert "http/api.html" in page.text
