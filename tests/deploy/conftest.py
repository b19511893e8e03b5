"""A film in an Octavo that stands behind others."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from octavo.kernel.clock import now
from octavo.kernel.ids import new_id
from octavo.kernel.media.delivery import tokens
from octavo.kernel.media.delivery.keys import playback_keys
from octavo.settings import load_settings
from tests.deploy.edges import nginx, varnish
from tests.harness.running import RunningOctavo
from tests.kernel.media.films import a_film
from tests.wire.accounts import signed_up
from tests.wire.test_playback import ENOUGH_SECONDS, titled, upload
from tests.wire.waiting import eventually

BLOBS = "/_octavo/blobs"


@dataclass(frozen=True)
class Behind:
    """An Octavo behind a proxy that sends its films for it, and a complete film in it."""

    octavo: RunningOctavo
    asset_id: UUID
    version: int
    blobs: Path

    def address(self, name: str, *, hours: float = 1) -> str:
        """Signed as the product signs it; with negative hours, long over."""
        until = now() + timedelta(hours=hours)
        key = playback_keys(load_settings(self.octavo.data_dir, environ={}))[0]
        return f"/play/{tokens.sign(self.asset_id, until, key)}/{self.asset_id}/{self.version}/{name}"

    def reached(self, name: str) -> int:
        """How often Octavo itself was asked for a file of the film, whoever the token let in."""
        last = f"/nothing/{new_id().hex}"
        httpx.get(self.octavo.url + last)
        # The log is written a moment later, and in order.
        eventually(lambda: last in self._paths() or None)
        return sum(path.endswith(f"/{self.version}/{name}") for path in self._paths())

    def _paths(self) -> list[str]:
        *lines, _ = self.octavo.logged().split("\n")
        return [json.loads(line).get("path", "") for line in lines if line.startswith("{")]


@pytest.fixture(scope="session")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    folder = tmp_path_factory.mktemp("behind")
    octavo = RunningOctavo(
        folder / "octavo",
        OCTAVO_HTTP_TRUSTED_PROXIES="127.0.0.1",
        OCTAVO_MEDIA_ACCEL_REDIRECT=BLOBS,
        OCTAVO_MEDIA_PLAYBACK_ORIGINS="*",
    ).start()
    try:
        account = signed_up(octavo.url)
        asset_id = upload(account, a_film(folder / "film.mp4", seconds=12, size="854x480"))
        version = whole_version(account, asset_id)
        yield Behind(octavo, UUID(asset_id), version, octavo.data_dir / "blobs" / "objects")
    finally:
        octavo.stop()


def whole_version(account: httpx.Client, asset_id: str) -> int:
    deadline = time.monotonic() + ENOUGH_SECONDS
    while (title := titled(account, asset_id))["film"]["state"] != "complete":
        assert time.monotonic() < deadline, title
        time.sleep(0.2)
    playback = account.get(f"/api/video/v1/titles/{title['id']}/playback").raise_for_status().json()
    return int(playback["version"])


@pytest.fixture(scope="session")
def origin(behind: Behind, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("origin") / "nginx"
    with nginx("origin.conf", folder, behind.octavo.url, **{"/var/lib/octavo/blobs/objects": str(behind.blobs)}) as url:
        yield url


@pytest.fixture(scope="session")
def edge_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("edge") / "nginx"


@pytest.fixture(scope="session")
def edge(origin: str, edge_folder: Path) -> Iterator[str]:
    with nginx("edge.conf", edge_folder, origin) as url:
        yield url


@pytest.fixture(scope="session")
def cache(origin: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with varnish(tmp_path_factory.mktemp("cache") / "varnish", origin) as url:
        yield url
