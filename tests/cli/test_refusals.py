"""What keeps `octavo` from starting is one sentence on stderr and exit code 1, never a traceback."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.calling import LONGEST, is_one_sentence, octavo
from tests.harness.running import clean_environment

pytestmark = pytest.mark.slow
NOBODY_THERE = "postgresql://octavo@127.0.0.1:1/octavo"


def test_a_wrong_setting_is_named() -> None:
    told = octavo("up", OCTAVO_HTTP_PORT="many", OCTAVO_MEDIA_QUOTA_BYTES="-1")
    assert (told.returncode, told.stdout) == (1, "")
    assert "OCTAVO_HTTP_PORT" in told.stderr
    assert "OCTAVO_MEDIA_QUOTA_BYTES" in told.stderr
    assert is_one_sentence(told.stderr)


def test_a_taken_port_is_told_with_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = octavo("up", "--data", str(tmp_path / "data"), "--port", port)
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith(f"Cannot listen on 127.0.0.1:{port} for web")
    assert "--port" in told.stderr
    assert is_one_sentence(told.stderr)


def test_a_data_directory_that_cannot_be_made_is_named() -> None:
    told = octavo("up", "--data", "/proc/octavo", "--port", "0")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("The data directory /proc/octavo cannot be written")
    assert is_one_sentence(told.stderr)


@pytest.mark.parametrize("command", ["up", "migrate"])
@pytest.mark.parametrize("url", [NOBODY_THERE, "postgresql://[", "sqlite:///octavo.db"])
def test_a_database_that_is_not_there_is_told(command: str, url: str, tmp_path: Path) -> None:
    told = octavo(command, "--data", str(tmp_path), DATABASE_URL=url, OCTAVO_HTTP_PORT="0")
    assert (told.returncode, told.stdout) == (1, "")
    assert is_one_sentence(told.stderr), told.stderr


@pytest.mark.parametrize(
    ("disk", "sentence"),
    [("ro", "cannot be written: Read-only file system."), ("size=20m", "The disk is full. Free some space")],
)
def test_a_disk_that_takes_nothing_is_told(disk: str, sentence: str, tmp_path: Path) -> None:
    """On a file system of its own, in a namespace that takes it along when it ends."""
    namespace = ("unshare", "--user", "--map-root-user", "--mount", "--")
    mount = f'mount -t tmpfs -o {disk} none "$1" && exec "$0" -m octavo.cli up --data "$1/data" --port 0'
    told = subprocess.run(
        [*namespace, "sh", "-c", mount, sys.executable, str(tmp_path)],
        env={**clean_environment(), "PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    assert (told.returncode, told.stdout) == (1, "")
    assert sentence in told.stderr
    assert is_one_sentence(told.stderr), told.stderr


def test_an_unknown_command_is_a_mistake_of_the_caller() -> None:
    assert octavo("launch").returncode == 2
    assert octavo("up", "--port", "70000").returncode == 2


@pytest.mark.parametrize("command", ["up", "serve", "worker"])
def test_a_store_that_does_not_answer_is_told_before_anything_starts(command: str, tmp_path: Path) -> None:
    store = {"ENGINE": "s3", "BUCKET": "films", "ENDPOINT": "http://127.0.0.1:1"}
    keys = {"ACCESS_KEY_ID": "AKIAUNTOLD", "SECRET_ACCESS_KEY": "untold-secret"}
    settings = {f"OCTAVO_BLOBS_{name}": value for name, value in {**store, **keys}.items()}
    told = octavo(command, "--data", str(tmp_path / "data"), **settings, OCTAVO_HTTP_PORT="0")
    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr.startswith("http://127.0.0.1:1 does not answer (no connection)")
    assert is_one_sentence(told.stderr)
    assert "ntold" not in told.stderr
