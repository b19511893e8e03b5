"""A film's whole life in a distant store behind a bad network: uploaded, encoded, played, deleted, and nothing left."""

import asyncio
import hashlib
import random
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import m3u8
import pytest
from tusclient.client import TusClient

from octavo.kernel.db import Database, EmbeddedServer
from octavo.kernel.media.garbage.queries import known_files
from octavo.settings import load_settings
from tests.faults.film import make_film
from tests.harness.addresses import client_of_its_own
from tests.harness.files import digests_of, files_below
from tests.harness.running import RunningOctavo
from tests.kernel.blobs.ceph import needs_ceph
from tests.kernel.blobs.relay import Relay, now_and_then, relay_beside
from tests.kernel.blobs.stores import ACCESS_KEY, SECRET_KEY, amazon_client, made_bucket
from tests.wire.accounts import signed_up

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
ENOUGH_SECONDS = 300.0
# Ceph's gateway is the better judge, and moto the one that is always there.
STORES = ["moto", pytest.param("ceph", marks=needs_ceph)]


class House:
    """`octavo up` over a bucket of its own behind a relay that fails every tenth request."""

    def __init__(self, data_dir: Path, store: str, relay: Relay) -> None:
        self.data_dir = data_dir
        self.relay = relay
        self.bucket = made_bucket(store)
        self._outside = amazon_client(store)
        self.octavo = self.started()
        self.account = signed_up(self.octavo.url)

    def started(self, **more: str) -> RunningOctavo:
        store = {"ENGINE": "s3", "BUCKET": self.bucket, "ENDPOINT": self.relay.url, "TIMEOUT": "2", "PATIENCE": "30"}
        keys = {"ACCESS_KEY_ID": ACCESS_KEY, "SECRET_ACCESS_KEY": SECRET_KEY, "PART_BYTES": str(5 * 1024 * 1024)}
        environment = {f"OCTAVO_BLOBS_{name}": value for name, value in {**store, **keys, **more}.items()}
        return RunningOctavo(self.data_dir, OCTAVO_VIDEO_DELETE_GRACE_HOURS="0", **environment).start()

    def restart(self, *, killed: bool = False, **more: str) -> None:
        """With other settings; the person stays signed in."""
        if killed:
            self.octavo.kill()
        else:
            assert self.octavo.stop() == 0
        self.octavo = self.started(**more)
        again = client_of_its_own(self.octavo.url)
        again.headers["Authorization"] = self.account.headers["Authorization"]
        self.account = again

    def keys(self) -> set[str]:
        """What the store has."""
        pages = self._outside.get_paginator("list_objects_v2").paginate(Bucket=self.bucket)
        return {found["Key"] for page in pages for found in page.get("Contents", ())}

    def objects(self) -> dict[str, str]:
        """SHA-256 of every object by its key, read at the store itself."""
        return digests_of(self.keys(), self._digest, gone=self._outside.exceptions.NoSuchKey)

    def known(self, asset_id: str) -> set[str]:
        """The keys that rows name."""

        async def ask() -> set[str]:
            url = EmbeddedServer(self.data_dir).running_url()
            assert url
            database = await Database.open(url, load_settings(self.data_dir).db, application="test")
            try:
                return (await known_files(database, [UUID(asset_id)])).get(UUID(asset_id), set())
            finally:
                await database.close()

        return asyncio.run(ask())

    def on_this_machine(self) -> list[str]:
        return files_below(self.data_dir / "blobs" / "spool")

    def _digest(self, key: str) -> str:
        with closing(self._outside.get_object(Bucket=self.bucket, Key=key)["Body"]) as body:
            return hashlib.sha256(body.read()).hexdigest()


@pytest.fixture(params=STORES)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    store = request.getfixturevalue(request.param)
    with relay_beside(store) as relay:
        house = House(tmp_path / "octavo", store, relay)
        yield house
        house.octavo.stop()


def test_a_films_life_in_a_distant_store(
    house: House, running_octavo: RunningOctavo, account: httpx.Client, tmp_path: Path
) -> None:
    film = make_film(tmp_path / "film.mp4")
    house.relay.plan = now_and_then(seed=20261121, share=0.1)
    asset_id = uploaded(house.octavo.url, house.account, film)
    title = completed(house.account, asset_id)
    here = uploaded(running_octavo.url, account, film)
    tracks = played(house.octavo.url, house.account, title)
    assert tracks == played(running_octavo.url, account, completed(account, here))
    assert len(house.relay.failed) > 5

    eventually(lambda: house.keys() == house.known(asset_id))
    contents = list(house.objects().values())
    assert len(contents) == len(set(contents))
    eventually(lambda: house.on_this_machine() == [])
    assert SECRET_KEY not in house.octavo.logged()
    assert ACCESS_KEY not in house.octavo.logged()

    house.relay.plan = lambda line: None
    house.restart(DELIVERY="redirect")
    house.relay.seen.clear()
    assert played(house.octavo.url, house.account, title) == tracks
    signed = [line for line in house.relay.seen if line.startswith("GET") and "X-Amz-Signature=" in line]
    assert len(signed) >= len(tracks)

    house.relay.plan = now_and_then(seed=11, share=0.1)
    house.account.delete(f"/api/video/v1/titles/{title['id']}").raise_for_status()
    eventually(lambda: not house.keys())


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment_a_film_ends_the_same_and_leaves_nothing(
    house: House, running_octavo: RunningOctavo, account: httpx.Client, tmp_path: Path, seed: int
) -> None:
    film, chance = make_film(tmp_path / "film.mp4"), random.Random(seed)
    house.relay.plan = now_and_then(seed, share=0.1)
    asset_id = uploaded(house.octavo.url, house.account, film)
    for _ in range(4):
        time.sleep(chance.uniform(0.0, 4.0))  # the moment is the point: wherever the work is then
        house.restart(killed=True)
    tracks = played(house.octavo.url, house.account, completed(house.account, asset_id))
    here = uploaded(running_octavo.url, account, film)
    assert tracks == played(running_octavo.url, account, completed(account, here))
    eventually(lambda: house.keys() == house.known(asset_id))
    eventually(lambda: house.on_this_machine() == [])


def uploaded(url: str, account: httpx.Client, film: Path) -> str:
    """By tus in pieces, with an official client."""
    client = TusClient(f"{url}/api/media/v1/uploads", headers={"Authorization": account.headers["Authorization"]})
    uploader = client.uploader(str(film), chunk_size=256 * 1024, metadata={"filename": film.name})
    uploader.upload()
    asked = httpx.head(uploader.url, headers={**client.headers, "Tus-Resumable": "1.0.0"}, timeout=60)
    return asked.headers["Octavo-Asset"]


def completed(account: httpx.Client, asset_id: str) -> dict[str, Any]:
    def title() -> dict[str, Any] | None:
        titles = account.get("/api/video/v1/titles", params={"owner": "me"}).raise_for_status().json()["items"]
        found: dict[str, Any] = next(title for title in titles if title["film"]["asset_id"] == asset_id)
        assert found["film"]["state"] != "failed", found["film"]["failure"]
        return found if found["film"]["state"] == "complete" else None

    return eventually(title)


def played(url: str, account: httpx.Client, title: dict[str, Any]) -> dict[str, str]:
    """Every track as players fetch it, segment by segment: the SHA-256 of its bytes by the track's name."""
    playback = account.get(f"/api/video/v1/titles/{title['id']}/playback").raise_for_status().json()
    folder = url + playback["hls_url"].rpartition("/")[0]
    assert httpx.get(url + playback["dash_url"], timeout=60).status_code == 200
    master = m3u8.loads(httpx.get(url + playback["hls_url"], timeout=60).raise_for_status().text)
    tracks = {}
    for item in (*master.playlists, *(media for media in master.media if media.uri)):
        playlist = m3u8.loads(httpx.get(f"{folder}/{item.uri}", timeout=60).raise_for_status().text)
        content = hashlib.sha256()
        for segment in playlist.segments:
            length, _, start = (segment.byterange or "").partition("@")
            wanted = {"Range": f"bytes={start}-{int(start) + int(length) - 1}"} if length else {}
            answer = httpx.get(f"{folder}/{segment.uri}", headers=wanted, follow_redirects=True, timeout=60)
            assert answer.status_code == (206 if length else 200)
            content.update(answer.content)
        tracks[item.uri] = content.hexdigest()
    assert len(tracks) > 1
    return tracks


def eventually(look: Callable[[], Any]) -> Any:
    give_up = time.monotonic() + ENOUGH_SECONDS
    while not (found := look()):
        assert time.monotonic() < give_up, "it did not come about in time"
        time.sleep(0.5)
    return found
