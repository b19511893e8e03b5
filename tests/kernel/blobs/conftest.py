"""Blobs of every engine, each on a store of this session."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from octavo.kernel.blobs import Blobs
from tests.kernel.blobs.ceph import needs_ceph
from tests.kernel.blobs.stores import (
    gcs_settings,
    google_stand_in,
    local_blobs,
    made_bucket,
    memory_blobs,
    remote_blobs,
    s3_settings,
)

ENGINES = ["local", "memory", "moto", "google", pytest.param("ceph", marks=needs_ceph)]


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
