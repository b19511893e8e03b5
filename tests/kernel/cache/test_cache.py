"""The cache: bounded in size and age, one load at a time, and nothing stale after an invalidation."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from octavo.kernel.cache import Cache, versioned
from octavo.settings import CacheSettings


class Source:
    """Where the values come from; counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def load(self) -> int:
        self.asked += 1
        number = self.asked
        await self.go_on.wait()
        return number


class Clock:
    def __init__(self) -> None:
        self.time = 0.0

    def __call__(self) -> float:
        return self.time


async def test_a_value_is_loaded_once_and_then_remembered() -> None:
    cache, source = Cache(), Source()
    assert [await cache.get_or_load("a", source.load, ttl=10) for _ in range(3)] == [1, 1, 1]


async def test_a_value_is_forgotten_when_its_time_is_over_and_at_the_latest_after_the_longest() -> None:
    clock = Clock()
    cache, source = Cache(CacheSettings(longest_seconds=60), clock=clock), Source()
    await cache.get_or_load("a", source.load, ttl=10)
    clock.time = 9.9
    assert await cache.get_or_load("a", source.load, ttl=1000) == 1
    clock.time = 10
    assert await cache.get_or_load("a", source.load, ttl=1000) == 2
    clock.time = 70
    assert await cache.get_or_load("a", source.load, ttl=1000) == 3


async def test_the_least_recently_used_goes_first() -> None:
    cache, source = Cache(CacheSettings(entries=2)), Source()
    for key in ("a", "b", "a", "c"):
        await cache.get_or_load(key, source.load, ttl=10)
    assert len(cache) == 2
    assert await cache.get_or_load("a", source.load, ttl=10) == 1
    assert await cache.get_or_load("b", source.load, ttl=10) == 4


async def test_callers_at_the_same_time_share_one_load() -> None:
    cache, source = Cache(), Source()
    assert await asyncio.gather(*(cache.get_or_load("a", source.load, ttl=10) for _ in range(10))) == [1] * 10
    assert source.asked == 1


async def test_a_caller_who_goes_away_takes_nothing_from_the_others() -> None:
    cache, source = Cache(), Source()
    source.go_on.clear()
    first, second = (asyncio.create_task(cache.get_or_load("a", source.load, ttl=10)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    source.go_on.set()
    assert await second == 1


async def test_an_error_reaches_all_who_wait_and_is_not_remembered() -> None:
    cache = Cache()
    errors = [OSError("gone"), None]

    async def load() -> str:
        await asyncio.sleep(0)
        if error := errors.pop(0):
            raise error
        return "here"

    told = await asyncio.gather(*(cache.get_or_load("a", load, ttl=10) for _ in range(2)), return_exceptions=True)
    assert [str(error) for error in told] == ["gone", "gone"]
    assert await cache.get_or_load("a", load, ttl=10) == "here"


async def test_a_load_that_began_before_an_invalidation_is_not_remembered() -> None:
    cache, source = Cache(), Source()
    source.go_on.clear()
    stale = asyncio.create_task(cache.get_or_load("a", source.load, ttl=10))
    await asyncio.sleep(0)
    cache.invalidate("a")
    fresh = asyncio.create_task(cache.get_or_load("a", source.load, ttl=10))
    await asyncio.sleep(0)
    source.go_on.set()
    assert (await stale, await fresh) == (1, 2)
    assert await cache.get_or_load("a", source.load, ttl=10) == 2


@pytest.mark.parametrize(("prefix", "left"), [("title:", 1), ("title:1", 2), ("", 0)])
async def test_keys_are_invalidated_by_prefix(prefix: str, left: int) -> None:
    cache, source = Cache(), Source()
    for key in ("title:1", "title:2", "user:1"):
        await cache.get_or_load(key, source.load, ttl=10)
    cache.invalidate(prefix=prefix)
    assert len(cache) == left


async def test_events_invalidate_what_they_tell_of() -> None:
    cache, source = Cache(), Source()
    for number in (1, 2):
        await cache.get_or_load(f"title:{number}", source.load, ttl=10)

    async def changes() -> AsyncIterator[dict[str, int]]:
        yield {"title_id": 1}

    await cache.follow(changes(), lambda change: [f"title:{change['title_id']}"])
    assert await cache.get_or_load("title:1", source.load, ttl=10) == 3
    assert await cache.get_or_load("title:2", source.load, ttl=10) == 2


def test_a_new_version_has_a_new_key() -> None:
    assert versioned("title", 7, 1) != versioned("title", 7, 2)
