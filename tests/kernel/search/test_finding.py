"""What was put into the index is found by its words, by its owner alone, newest first."""

from datetime import timedelta
from uuid import UUID

import pytest

from octavo.kernel.context import Context
from octavo.kernel.ids import new_id
from octavo.kernel.search import Place, Text, found, index_texts, indexed, remove

KIND = "test.note"


@pytest.fixture
def owner() -> UUID:
    return new_id()


async def put(ctx: Context, owner: UUID, *texts: str, key: bytes | None = None) -> list[UUID]:
    """The first text is the oldest."""
    things = [
        Text(
            owner_id=owner,
            kind=KIND,
            thing_id=new_id(),
            text=text,
            at=ctx.now + timedelta(seconds=number),
            private_key=key,
        )
        for number, text in enumerate(texts)
    ]
    async with ctx.db.main.transaction() as tx:
        await index_texts(tx, things)
    return [one.thing_id for one in things]


async def find(ctx: Context, owner: UUID, words: str, key: bytes | None = None, **others: object) -> list[UUID]:
    return [one.thing_id for one in await found(ctx.db.main, owner, KIND, words, private_key=key, **others)]  # type: ignore[arg-type]


async def test_all_words_have_to_be_there(ctx: Context, owner: UUID) -> None:
    tea, both, cake = await put(ctx, owner, "Tea is ready", "Tea and CAKE", "cake alone")
    assert await find(ctx, owner, "tea") == [both, tea]
    assert await find(ctx, owner, "cake TEA") == [both]
    assert await find(ctx, owner, "coffee") == []
    assert await find(ctx, owner, "...") == []
    assert await find(ctx, new_id(), "tea") == []
    assert await find(ctx, owner, "cake", since=ctx.now + timedelta(seconds=2)) == [cake]


async def test_pages_follow_each_other(ctx: Context, owner: UUID) -> None:
    things = await put(ctx, owner, *["tea time"] * 5)
    first = await found(ctx.db.main, owner, KIND, "time tea", most=3)
    rest = await found(
        ctx.db.main, owner, KIND, "time tea", most=3, after=Place(at=first[-1].at, thing_id=first[-1].thing_id)
    )
    assert [one.thing_id for one in (*first, *rest)] == things[::-1]


async def test_private_words_are_found_with_their_key_alone(ctx: Context, owner: UUID) -> None:
    [plain] = await put(ctx, owner, "tea before")
    [private] = await put(ctx, owner, "tea after", key=b"key")
    assert await find(ctx, owner, "tea", key=b"key") in ([private, plain], [plain, private])
    assert await find(ctx, owner, "tea") == [plain]
    assert await find(ctx, owner, "tea", key=b"other") == [plain]
    stored = await ctx.db.main.column("SELECT token FROM search.token WHERE thing_id = $1", private)
    assert all(token.startswith("#") for token in stored)


async def test_what_was_taken_out_is_not_found(ctx: Context, owner: UUID) -> None:
    [thing] = await put(ctx, owner, "tea 東京")
    assert await indexed(ctx.db.main, [(owner, KIND, thing), (owner, KIND, new_id())]) == {thing}
    for _ in range(2):
        async with ctx.db.main.transaction() as tx:
            await remove(tx, owner, KIND, thing)
    assert await find(ctx, owner, "東京") == []
    assert await ctx.db.main.value("SELECT count(*) FROM search.token WHERE thing_id = $1", thing) == 0
