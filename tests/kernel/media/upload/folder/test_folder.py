"""Files in the watched folder: taken in once, for the right person, and with a word beside those that were not."""

import os
from collections.abc import Callable, Iterable
from dataclasses import replace as renewed
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from msgspec import structs

from octavo.kernel.context import SYSTEM, Context, Engines
from octavo.kernel.db import Queryable
from octavo.kernel.identity import create_user
from octavo.kernel.media.upload.folder import actions, jobs, queries
from octavo.kernel.media.upload.folder.rows import WatchedFile
from octavo.kernel.refusals import StorageFull
from tests.kernel.media.house import TESTED, eventually, working

PEOPLE = ("ada", "bea")
WatchedBy = Callable[..., Context]


@pytest.fixture(autouse=True)
def a_purpose(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "DEFAULT_PURPOSE", TESTED.name)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "incoming"
    made.mkdir()
    return made


@pytest.fixture
async def watching(engines: Engines, ctx: Context, folder: Path) -> WatchedBy:
    """The house with a watched folder, whose other files are Ada's; Bea has an account too."""
    for name in PEOPLE:
        await create_user(ctx, name=name, email=f"{name}@example.org", username=name, password="a long walk by the sea")

    def settings(**media: object) -> Context:
        watched = {"watch_folder": folder, "watch_owner": "ada", "watch_settle": 20.0, **media}
        changed = structs.replace(engines.settings, media=structs.replace(engines.settings.media, **watched))
        return renewed(ctx, actor=SYSTEM, engines=renewed(engines, settings=changed))

    return settings


def put(folder: Path, name: str, content: bytes = b"a film") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


async def looked(ctx: Context, folder: Path, *, after: float = 0) -> list[UUID]:
    return await actions.look_around(renewed(ctx, now=ctx.now + timedelta(seconds=after)), folder)


async def all_taken(ctx: Context, folder: Path) -> None:
    await looked(ctx, folder)
    for file_id in await looked(ctx, folder, after=21):
        await actions.take_in(ctx, folder, file_id)


async def films(ctx: Context) -> dict[str, str]:
    """The files that were taken in, and whose they are."""
    rows = await ctx.db.main.column("SELECT filename || ' ' || owner_id::text FROM media.asset ORDER BY created_at")
    names = {
        str(await ctx.db.user.value("SELECT user_id FROM identity.user WHERE username = $1", n)): n for n in PEOPLE
    }
    return {row.rpartition(" ")[0]: names[row.rpartition(" ")[2]] for row in rows}


async def test_a_file_is_taken_in_once_it_has_stopped_growing(watching: WatchedBy, folder: Path) -> None:
    ctx = watching()
    path = put(folder, "lake.mp4", b"the first half")
    assert await looked(ctx, folder) == []
    assert await looked(ctx, folder, after=15) == []
    path.write_bytes(b"the first half, the second half")
    assert await looked(ctx, folder, after=21) == []
    assert await looked(ctx, folder, after=40) == []
    (file_id,) = await looked(ctx, folder, after=42)
    await actions.take_in(ctx, folder, file_id)
    assert await films(ctx) == {"lake.mp4": "ada"}
    key = await ctx.db.main.value("SELECT source_key FROM media.asset")
    assert await ctx.blobs.get(key) == b"the first half, the second half"
    assert path.exists()


async def test_what_was_taken_in_is_remembered(watching: WatchedBy, folder: Path) -> None:
    ctx = watching()
    path = put(folder, "lake.mp4")
    await all_taken(ctx, folder)
    assert await looked(ctx, folder, after=900) == []
    os.utime(path, ns=(1, 1))  # touched, but the same
    path.rename(folder / "river.mp4")  # and under another name
    put(folder, "copy of lake.mp4")
    await all_taken(ctx, folder)
    assert len(await films(ctx)) == 1
    put(folder, "river.mp4", b"another film")
    await all_taken(ctx, folder)
    assert set(await films(ctx)) == {"lake.mp4", "river.mp4"}


async def test_a_sub_folder_says_whose_it_is(watching: WatchedBy, folder: Path) -> None:
    put(folder, "bea/2026/lake.mp4", b"one")
    put(folder, "ada/river.mp4", b"two")
    put(folder, "harbour/sea.mp4", b"three")
    ctx = watching()
    await all_taken(ctx, folder)
    assert await films(ctx) == {"lake.mp4": "bea", "river.mp4": "ada", "sea.mp4": "ada"}


async def test_a_file_of_nobody_gets_a_word_beside_it(watching: WatchedBy, folder: Path) -> None:
    ctx = watching(watch_owner="")
    path = put(folder, "harbour/lake.mp4")
    await all_taken(ctx, folder)
    told = path.with_name("lake.mp4.octavo-error.txt")
    assert "'harbour'" in told.read_text()
    assert await films(ctx) == {}
    assert await looked(ctx, folder, after=900) == []
    ctx = watching()
    os.utime(path)  # try again
    await all_taken(ctx, folder)
    assert await films(ctx) == {"lake.mp4": "ada"}
    assert not told.exists()


@pytest.mark.parametrize(("name", "content"), [("letter.pdf", b"no film"), ("empty.mp4", b"")])
async def test_what_is_no_film_gets_a_word_beside_it(
    watching: WatchedBy, folder: Path, name: str, content: bytes
) -> None:
    ctx = watching()
    path = put(folder, name, content)
    await all_taken(ctx, folder)
    assert path.with_name(f"{name}.octavo-error.txt").read_text().strip()
    assert await films(ctx) == {}
    assert not list((ctx.blobs.spool_dir / "uploads").glob("*"))


async def test_what_turns_out_to_be_no_film_later_is_told_too(watching: WatchedBy, folder: Path) -> None:
    ctx = watching()
    path = put(folder, "lake.mp4", b"no film at all")
    await all_taken(ctx, folder)
    await ctx.db.main.execute("UPDATE media.asset SET state = 'failed', failure = 'This is not a film.'")
    await looked(ctx, folder, after=60)
    assert path.with_name("lake.mp4.octavo-error.txt").read_text() == "This is not a film.\n"
    await looked(ctx, folder, after=70)
    assert await ctx.db.main.value("SELECT state FROM media.watched_file") == "failed"


async def test_what_was_taken_in_may_move_away_and_replaces_nothing(watching: WatchedBy, folder: Path) -> None:
    ctx = watching(watch_after="move")
    put(folder, ".taken/bea/lake.mp4", b"of long ago")
    put(folder, "bea/lake.mp4")
    await all_taken(ctx, folder)
    assert (folder / ".taken/bea/lake (2).mp4").read_bytes() == b"a film"
    assert (folder / ".taken/bea/lake.mp4").read_bytes() == b"of long ago"
    assert not (folder / "bea/lake.mp4").exists()


async def test_a_crash_before_the_move_is_made_good_by_the_next_look(watching: WatchedBy, folder: Path) -> None:
    put(folder, "lake.mp4")
    await all_taken(watching(), folder)
    await looked(watching(watch_after="move"), folder, after=60)
    assert (folder / ".taken/lake.mp4").exists()
    assert len(await films(watching())) == 1


async def test_a_look_beside_the_move_leaves_it_alone(
    watching: WatchedBy, folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It has listed the file before it was taken in, and moves it after somebody else did."""
    ctx = watching(watch_after="move")
    put(folder, "lake.mp4")
    await looked(ctx, folder)
    (file_id,) = await looked(ctx, folder, after=21)
    known_files = queries.known_files

    async def taken_in_meanwhile(db: Queryable, seen: Iterable[UUID]) -> dict[UUID, WatchedFile]:
        await actions.take_in(ctx, folder, file_id)
        found = await known_files(db, seen)
        return {key: structs.replace(row, path="lake.mp4") for key, row in found.items()}

    monkeypatch.setattr(queries, "known_files", taken_in_meanwhile)
    await looked(ctx, folder, after=22)
    assert await ctx.db.main.value("SELECT path FROM media.watched_file") == ".taken/lake.mp4"
    assert "cannot be moved" not in caplog.text


async def test_a_file_that_changes_while_it_is_read_waits(watching: WatchedBy, folder: Path) -> None:
    ctx = watching()
    path = put(folder, "lake.mp4")
    await looked(ctx, folder)
    (file_id,) = await looked(ctx, folder, after=21)
    path.write_bytes(b"a longer film")
    await actions.take_in(ctx, folder, file_id)
    assert await films(ctx) == {}
    assert not path.with_name("lake.mp4.octavo-error.txt").exists()


async def test_links_pipes_hidden_and_unfinished_files_are_passed_over(
    watching: WatchedBy, folder: Path, tmp_path: Path
) -> None:
    secret = put(tmp_path, "secret/passwords.mp4")
    (folder / "link.mp4").symlink_to(secret)
    (folder / "folder").symlink_to(secret.parent)
    os.mkfifo(folder / "pipe.mp4")
    put(folder, ".hidden.mp4")
    put(folder, "lake.mp4.part")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff.mp4")).write_bytes(b"a film")
    ctx = watching()
    await all_taken(ctx, folder)
    assert await ctx.db.main.value("SELECT count(*) FROM media.watched_file") == 0


async def test_a_file_that_became_a_link_meanwhile_is_not_followed(
    watching: WatchedBy, folder: Path, tmp_path: Path
) -> None:
    ctx = watching()
    path = put(folder, "lake.mp4")
    await looked(ctx, folder)
    (file_id,) = await looked(ctx, folder, after=21)
    path.rename(tmp_path / "elsewhere.mp4")
    path.symlink_to(tmp_path / "elsewhere.mp4")
    await actions.take_in(ctx, folder, file_id)
    assert await films(ctx) == {}


async def test_a_full_disk_is_no_fault_of_the_file(watching: WatchedBy, folder: Path) -> None:
    ctx = watching(free_disk_bytes=1 << 60)
    path = put(folder, "lake.mp4")
    with pytest.raises(StorageFull):
        await all_taken(ctx, folder)
    assert not path.with_name("lake.mp4.octavo-error.txt").exists()
    await all_taken(watching(), folder)
    assert await films(ctx) == {"lake.mp4": "ada"}


async def test_the_worker_takes_in_what_lies_there(watching: WatchedBy, folder: Path) -> None:
    ctx = watching(watch_settle=0.0)
    put(folder, "bea/lake.mp4")

    async def look() -> dict[str, str] | None:
        async with ctx.db.main.transaction() as tx:
            await jobs.enqueue(tx, jobs.watch_folder, jobs.LookAround(), key="look")
        return await films(ctx) or None

    async with working(ctx.engines, "intake"):
        assert await eventually(look) == {"lake.mp4": "bea"}


async def test_without_a_folder_nothing_happens(engines: Engines, ctx: Context) -> None:
    async with working(engines, "intake"):
        async with ctx.db.main.transaction() as tx:
            await jobs.enqueue(tx, jobs.watch_folder, jobs.LookAround())
        assert await eventually(lambda: _no_jobs(ctx))


async def _no_jobs(ctx: Context) -> bool | None:
    return await ctx.db.main.value("SELECT count(*) FROM jobs.job") == 0 or None
