"""kill -9 while S3 fails as well: with errors, lost answers and silences, the film is the same at the end.

A relay before the store fails a tenth of all requests, in every way in which networks fail.
"""

import hashlib
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.faults.patient import started
from tests.faults.stored import Digests
from tests.faults.trial import Undisturbed, judge, kill_one, live_through, moment
from tests.faults.victims import VICTIMS, strays
from tests.harness.files import digests_of
from tests.harness.running import RunningOctavo
from tests.kernel.blobs.relay import Relay, now_and_then, relay_beside
from tests.kernel.blobs.stores import ACCESS_KEY, SECRET_KEY, amazon_client, made_bucket

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
SHARE = 0.1


class Distant(NamedTuple):
    """An Octavo whose files lie in a store behind a relay."""

    running: RunningOctavo
    relay: Relay
    environment: dict[str, str]
    digests: Digests


@pytest.fixture
def distant(moto: str, tmp_path: Path) -> Iterator[Distant]:
    bucket = made_bucket(moto)
    with relay_beside(moto) as relay:
        settings = {
            "ENGINE": "s3",
            "ENDPOINT": relay.url,
            "BUCKET": bucket,
            "ACCESS_KEY_ID": ACCESS_KEY,
            "SECRET_ACCESS_KEY": SECRET_KEY,
            "TIMEOUT": "2",
        }
        environment = {f"OCTAVO_BLOBS_{name}": value for name, value in settings.items()}
        yield Distant(
            RunningOctavo(tmp_path / "octavo", **environment), relay, environment, lambda _: in_bucket(moto, bucket)
        )


@pytest.mark.long
def test_a_killed_process_and_a_failing_store_cost_nothing(
    distant: Distant, film: Path, undisturbed: Undisturbed
) -> None:
    strike_and_compare(2, distant, film, undisturbed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(12))
def test_killed_processes_and_a_failing_store_cost_nothing(
    seed: int, distant: Distant, film: Path, undisturbed: Undisturbed
) -> None:
    strike_and_compare(seed, distant, film, undisturbed)


def strike_and_compare(seed: int, distant: Distant, film: Path, undisturbed: Undisturbed) -> None:
    running, victim = distant.running, VICTIMS[seed % len(VICTIMS)]
    plan = now_and_then(seed, SHARE)
    when = moment(random.Random(seed), film, undisturbed.seconds, while_uploading=0.0 if victim == "ffmpeg" else 0.3)
    with started(running):
        distant.relay.plan = plan
        live_through(running, film, when, lambda: kill_one(running, victim))
        distant.relay.plan = lambda line: None
        judge(running, undisturbed.stored, distant.digests, **distant.environment)
    assert distant.relay.failed
    assert strays(running) == []


def in_bucket(url: str, bucket: str) -> dict[str, str]:
    store = amazon_client(url)
    keys = [found["Key"] for found in store.list_objects_v2(Bucket=bucket).get("Contents", ())]
    return digests_of(keys, lambda key: _digest(store, bucket, key), gone=store.exceptions.NoSuchKey)


def _digest(store: Any, bucket: str, key: str) -> str:
    return hashlib.sha256(store.get_object(Bucket=bucket, Key=key)["Body"].read()).hexdigest()
