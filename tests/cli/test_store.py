"""A store of files that takes connections and says nothing holds nobody up who is asked to stop."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import Popen

import pytest

from octavo.cli.data_directory import held_data_directory
from tests.cli.calling import octavo_running
from tests.harness.addresses import port_of_its_own
from tests.wire.waiting import eventually

pytestmark = pytest.mark.slow
NOBODY_THERE = "postgresql://octavo@127.0.0.1:1/octavo"
ENDED = 30.0  # seconds, half of what the store is given


@contextmanager
def trying_its_store(command: str, data: Path, port: int) -> Iterator[Popen[str]]:
    with socket.create_server(("127.0.0.1", 0)) as store:
        endpoint = f"http://127.0.0.1:{store.getsockname()[1]}"
        keys = {"ACCESS_KEY_ID": "AKIA", "SECRET_ACCESS_KEY": "secret"}
        settings = {"ENGINE": "s3", "BUCKET": "films", "ENDPOINT": endpoint, **keys}
        environment = {f"OCTAVO_BLOBS_{name}": value for name, value in settings.items()}
        words = (command, "--data", str(data), "--port", str(port))
        with octavo_running(*words, stderr=True, DATABASE_URL=NOBODY_THERE, **environment) as process:
            store.settimeout(60)
            asking, _ = store.accept()
            with asking:
                yield process


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGKILL], ids=["SIGTERM", "SIGKILL"])
@pytest.mark.parametrize("command", ["serve", "up"])
def test_its_port_and_its_data_directory_are_free_as_soon_as_it_has_ended(
    command: str, asked: signal.Signals, tmp_path: Path
) -> None:
    with port_of_its_own() as port, trying_its_store(command, tmp_path, port) as process:
        process.send_signal(asked)
        process.wait(ENDED)
        eventually(lambda: is_free(port) or None, ENDED)
        with held_data_directory(tmp_path):
            pass
        assert process.stderr is not None
        assert process.stderr.read() == ""


def is_free(port: int) -> bool:
    with socket.socket() as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
