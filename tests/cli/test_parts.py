"""`octavo serve`, `octavo worker` and `octavo migrate`: the same code as `octavo up`, in parts, beside one database."""

import asyncio
import json
import signal
import subprocess
from pathlib import Path
from types import SimpleNamespace

import asyncpg
import httpx
import pytest

from tests.cli.calling import LONGEST, octavo, octavo_running
from tests.faults.film import make_film
from tests.faults.patient import PatientClient

pytestmark = pytest.mark.slow


def test_a_film_goes_through_parts_that_were_started_apart(fresh_database_url: str, tmp_path: Path) -> None:
    data = ("--data", str(tmp_path / "data"))
    with (
        octavo_running("serve", "--port", "0", "--json", *data, DATABASE_URL=fresh_database_url) as web,
        octavo_running("worker", *data, DATABASE_URL=fresh_database_url) as worker,
        octavo_running("worker", "--queue", "media", *data, DATABASE_URL=fresh_database_url) as media,
    ):
        client = PatientClient(announced(web))  # type: ignore[arg-type]  # it needs an address and a log
        client.upload(make_film(tmp_path / "film.mp4"), lambda offset: None)
        title = client.wait_until_complete()
        assert title["film"]["state"] == "complete"
        for part in (web, worker, media):
            part.send_signal(signal.SIGTERM)
        assert [part.wait(LONGEST) for part in (web, worker, media)] == [0, 0, 0]


def announced(web: subprocess.Popen[str]) -> SimpleNamespace:
    assert web.stdout is not None
    ready = json.loads(web.stdout.readline())
    assert (ready["pid"], ready["url"]) == (web.pid, f"http://127.0.0.1:{ready['ports']['web']}")
    return SimpleNamespace(url=ready["url"], logged=lambda: "")


def test_serve_stops_for_ctrl_c_too(fresh_database_url: str, tmp_path: Path) -> None:
    words = ("serve", "--port", "0", "--json", "--data", str(tmp_path))
    with octavo_running(*words, DATABASE_URL=fresh_database_url) as web:
        assert httpx.get(f"{announced(web).url}/healthz").status_code == 200
        web.send_signal(signal.SIGINT)
        assert web.wait(LONGEST) == 0


def test_an_empty_database_is_brought_up_to_date(fresh_database_url: str, tmp_path: Path) -> None:
    asyncio.run(drop_everything(fresh_database_url))
    words = ("serve", "--port", "0", "--json", "--data", str(tmp_path))
    with octavo_running(*words, DATABASE_URL=fresh_database_url) as web:
        assert httpx.get(f"{announced(web).url}/video", timeout=30).status_code == 200


async def drop_everything(url: str) -> None:
    connection = await asyncpg.connect(url)
    modules = [row["module"] for row in await connection.fetch("SELECT DISTINCT module FROM db.migration")]
    await connection.execute(f"DROP SCHEMA db, {', '.join(modules)} CASCADE")
    await connection.close()


def test_migrate_says_what_it_applied_and_then_that_nothing_is_left(tmp_path: Path) -> None:
    first = octavo("migrate", "--data", str(tmp_path / "data"))
    assert first.returncode == 0, first.stderr
    applied = [line.removeprefix("applied ") for line in first.stdout.splitlines()]
    assert {name.split("/")[0] for name in applied} >= {"http", "jobs", "identity", "subject", "media", "video"}
    again = octavo("migrate", "--data", str(tmp_path / "data"))
    assert (again.returncode, again.stdout) == (0, "The database is up to date.\n")
