"""The stores of this session, and blobs of every engine on them."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from octavo.kernel.blobs import Blobs
from tests.kernel.blobs.ceph import CEPH, ceph_gateway
from tests.kernel.blobs.stores import (
    ACCESS_KEY,
    SECRET_KEY,
    gcs_settings,
    google_stand_in,
    local_blobs,
    made_bucket,
    memory_blobs,
    moto_store,
    remote_blobs,
    s3_settings,
)

NO_CEPH = "Ceph is not installed: apt-get install radosgw ceph-mon ceph-osd"
needs_ceph = [pytest.mark.slow, pytest.mark.xdist_group("ceph"), pytest.mark.skipif(not CEPH, reason=NO_CEPH)]
ENGINES = ["local", "memory", "moto", "google", pytest.param("ceph", marks=needs_ceph)]


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    with moto_store() as url:
        yield url


@pytest.fixture(scope="session")
def ceph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("ceph")
    with ceph_gateway(folder, access_key=ACCESS_KEY, secret_key=SECRET_KEY) as url:
        yield url


@pytest.fixture(params=ENGINES)
async def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Blobs]:
    """Blobs of each engine in turn, on a store of the test's own."""
    async with AsyncExitStack() as stack:
        match request.param:
            case "local":
                yield local_blobs(tmp_path)
            case "memory":
                yield memory_blobs(tmp_path)
            case "google":
                moto = request.getfixturevalue("moto")
                google = await stack.enter_async_context(google_stand_in(moto))
                yield remote_blobs(gcs_settings(tmp_path, google.url, made_bucket(moto)))
            case name:
                url = request.getfixturevalue(name)
                yield remote_blobs(s3_settings(tmp_path, url, made_bucket(url), prefix="octavo/one"))
