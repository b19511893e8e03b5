"""The object stores of a test session, started when the first test asks for them; what they need is imported then."""

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """S3 as moto imitates it: its address."""
    from tests.kernel.blobs.stores import moto_store

    with moto_store() as url:
        yield url


@pytest.fixture(scope="session")
def ceph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """S3 as Ceph's gateway serves it; for tests that are marked `needs_ceph`."""
    from tests.kernel.blobs.ceph import ceph_gateway
    from tests.kernel.blobs.stores import ACCESS_KEY, SECRET_KEY

    with ceph_gateway(tmp_path_factory.mktemp("ceph"), access_key=ACCESS_KEY, secret_key=SECRET_KEY) as url:
        yield url
