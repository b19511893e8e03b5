"""Files that the server fetches: whole, over broken lines, from bad addresses, and given up with a reason."""

import hashlib
import os
from collections.abc import AsyncIterator
from dataclasses import replace as renewed

import pytest
from aiohttp import web
from msgspec import structs

from octavo.kernel.context import Context, Engines
from octavo.kernel.media.upload import actions, queries, rules
from octavo.kernel.media.upload.fetching import download
from octavo.kernel.media.upload.fetching.opening import open_fetch
from octavo.kernel.media.upload.fetching.rows import FetchRequest
from octavo.kernel.media.upload.fetching.rules import AddressUnusable
from octavo.kernel.media.upload.spool import PART
from octavo.kernel.outgoing import close_outgoing
from octavo.kernel.refusals import Forbidden, Invalid, TooLarge, UnsupportedMedia
from tests.harness.receiver import Receiver
from tests.kernel.media.house import TESTED, a_person, eventually, settled, view_of, working
from tests.kernel.media.upload.fetching.a_server import FileServer

CONTENT = os.urandom(PART + 543_210)


@pytest.fixture
async def open_engines(engines: Engines) -> AsyncIterator[Engines]:
    """Engines whose operator lets addresses of this machine be asked."""
    outgoing = structs.replace(engines.settings.outgoing, allow=("127.0.0.1",))
    opened = renewed(engines, settings=structs.replace(engines.settings, outgoing=outgoing))
    yield opened
    await close_outgoing(opened)


@pytest.fixture
async def ctx(open_engines: Engines, monkeypatch: pytest.MonkeyPatch) -> Context:
    monkeypatch.setattr(download, "PAUSES", (0.01, 0.01))
    return a_person(open_engines)


async def fetched(ctx: Context, url: str) -> tuple[str, bytes]:
    """The state in which it ends, and what is stored."""
    new = await open_fetch(ctx, FetchRequest(url=url, purpose=TESTED.name))
    async with working(ctx.engines, "intake"):
        view = await settled(ctx, new.asset_id, "uploaded", "failed")
    key = await ctx.db.main.value("SELECT source_key FROM media.asset WHERE asset_id = $1", new.asset_id)
    return view.state, await ctx.blobs.get(key) if key else b""


async def test_a_file_is_fetched_and_named_as_its_address_names_it(ctx: Context, receiver: Receiver) -> None:
    assert await fetched(ctx, FileServer(CONTENT).on(receiver)) == ("uploaded", CONTENT)
    hashes = [hashlib.sha256(CONTENT[at : at + PART]).digest() for at in range(0, len(CONTENT), PART)]
    assert await ctx.db.main.value("SELECT src_sha256 FROM media.asset") == hashlib.sha256(b"".join(hashes)).hexdigest()
    assert await ctx.db.main.value("SELECT filename FROM media.asset") == "Harbour at dawn.mp4"
    assert await ctx.db.main.value("SELECT url FROM media.upload") == ""
    assert not list((ctx.blobs.spool_dir / "uploads").iterdir())


async def test_the_server_may_name_it_and_no_path_comes_with_the_name(ctx: Context, receiver: Receiver) -> None:
    server = FileServer(CONTENT)
    server.headers["Content-Disposition"] = "attachment; filename*=UTF-8''..%2F..%2Fetc%2Fe%CC%81t%C3%A9.mkv"
    await open_fetch(ctx, FetchRequest(url=server.on(receiver), purpose=TESTED.name))
    assert await ctx.db.main.value("SELECT filename FROM media.asset") == "été.mkv"


async def test_over_a_line_that_breaks_it_goes_on_where_it_stopped(ctx: Context, receiver: Receiver) -> None:
    server = FileServer(CONTENT, breaks=[0, PART + 1000, 2000])
    assert await fetched(ctx, server.on(receiver)) == ("uploaded", CONTENT)
    # The first answer is the look at it, of which only the head is read.
    first, second = (int(one.removeprefix("bytes=").removesuffix("-")) for one in server.asked[2:])
    # What was on its way when the line broke may be lost with it.
    assert 0 < first <= PART + 1000
    assert first < second <= first + 2000


async def test_a_server_without_ranges_is_asked_from_the_beginning(ctx: Context, receiver: Receiver) -> None:
    server = FileServer(CONTENT, knows_ranges=False, breaks=[0, PART + 1000])
    assert await fetched(ctx, server.on(receiver)) == ("uploaded", CONTENT)


async def test_a_file_without_a_name_for_its_version_is_never_put_together_of_two(
    ctx: Context, receiver: Receiver
) -> None:
    server = FileServer(CONTENT, etag='W/"weak"', breaks=[0, PART])
    assert await fetched(ctx, server.on(receiver)) == ("uploaded", CONTENT)
    assert server.asked == ["", "", ""]


async def test_a_file_that_changes_meanwhile_is_given_up_with_the_reason(ctx: Context, receiver: Receiver) -> None:
    server = FileServer(CONTENT)
    new = await open_fetch(ctx, FetchRequest(url=server.on(receiver), purpose=TESTED.name))
    server.content, server.etag = CONTENT[:-5], '"two"'
    async with working(ctx.engines, "intake"):
        view = await settled(ctx, new.asset_id, "failed")
    assert "has changed" in view.failure
    assert await ctx.db.main.value("SELECT count(*) FROM media.upload") == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/film.mp4",
        "http://169.254.169.254/latest/meta-data/film.mp4",
        "http://[::1]/film.mp4",
        "http://localhost/film.mp4",
        "file:///etc/passwd",
        "ftp://example.org/film.mp4",
        "gopher://x",
        "film.mp4",
    ],
)
async def test_addresses_inside_and_those_that_are_none_are_refused(engines: Engines, url: str) -> None:
    with pytest.raises(AddressUnusable) as refused:
        await open_fetch(a_person(engines), FetchRequest(url=url, purpose=TESTED.name))
    assert "url" in refused.value.fields
    await close_outgoing(engines)


async def test_a_redirect_inside_is_refused_too(ctx: Context, receiver: Receiver) -> None:
    receiver.answers["/away"] = lambda _: web.Response(status=302, headers={"Location": "http://10.0.0.1/film.mp4"})
    with pytest.raises(AddressUnusable, match="public internet"):
        await open_fetch(ctx, FetchRequest(url=f"{receiver.url}/away", purpose=TESTED.name))


async def test_what_cannot_become_a_film_is_refused_before_there_is_a_row(ctx: Context, receiver: Receiver) -> None:
    async def asked(status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        receiver.answers["/film.mp4"] = lambda _: web.Response(status=status, body=b"x" * 10, headers=named)
        await open_fetch(ctx, FetchRequest(url=f"{receiver.url}/film.mp4", purpose=TESTED.name))

    with pytest.raises(AddressUnusable, match="status 404"):
        await asked(404)
    with pytest.raises(AddressUnusable, match="open to everyone"):
        await asked(403)
    with pytest.raises(UnsupportedMedia):
        await asked(Content_Type="text/html")
    receiver.answers["/empty.mp4"] = lambda _: web.Response(body=b"", content_type="video/mp4")
    with pytest.raises(Invalid, match="empty"):
        await open_fetch(ctx, FetchRequest(url=f"{receiver.url}/empty.mp4", purpose=TESTED.name))
    assert await ctx.db.main.value("SELECT count(*) FROM media.asset") == 0


async def test_a_file_of_unknown_length_is_refused(ctx: Context, receiver: Receiver) -> None:
    def chunked(_: object) -> web.StreamResponse:
        answer = web.Response(body=b"x" * 10, content_type="video/mp4")
        answer.enable_chunked_encoding()
        return answer

    receiver.answers["/film.mp4"] = chunked
    with pytest.raises(AddressUnusable, match="how large"):
        await open_fetch(ctx, FetchRequest(url=f"{receiver.url}/film.mp4", purpose=TESTED.name))


async def test_size_and_quota_hold_for_what_is_fetched(ctx: Context, receiver: Receiver) -> None:
    url = FileServer(CONTENT).on(receiver)

    def with_media(**changed: int) -> Context:
        media = structs.replace(ctx.settings.media, **changed)
        return renewed(ctx, engines=renewed(ctx.engines, settings=structs.replace(ctx.settings, media=media)))

    with pytest.raises(TooLarge):
        await open_fetch(with_media(max_upload_bytes=1000), FetchRequest(url=url, purpose=TESTED.name))
    with pytest.raises(rules.QuotaReached):
        await open_fetch(with_media(quota_bytes=1000), FetchRequest(url=url, purpose=TESTED.name))


async def test_a_fetch_can_be_given_up_and_takes_no_bytes_of_its_owner(ctx: Context, receiver: Receiver) -> None:
    url = FileServer(CONTENT, breaks=[0] * 1000).on(receiver)
    new = await open_fetch(ctx, FetchRequest(url=url, purpose=TESTED.name))

    async def one() -> AsyncIterator[bytes]:
        yield b"mine"

    with pytest.raises(Forbidden):
        await actions.receive(ctx, new.asset_id, one(), offset=0, announced=4)
    async with working(ctx.engines):
        await actions.end_upload(ctx, new.asset_id)
        await eventually(lambda: _none_left(ctx))
    assert await view_of(ctx, new.asset_id) is None


async def _none_left(ctx: Context) -> bool | None:
    return await ctx.db.main.value("SELECT count(*) FROM media.upload") == 0 or None


async def test_a_server_that_never_comes_back_is_given_up_at_last(
    ctx: Context, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octavo.kernel.media.upload.fetching.jobs.MOST_STARTS", 1)
    server = FileServer(CONTENT, breaks=[0, 5000, *[0] * 20])
    new = await open_fetch(ctx, FetchRequest(url=server.on(receiver), purpose=TESTED.name))
    async with working(ctx.engines, "intake"):
        view = await settled(ctx, new.asset_id, "failed")
    assert view.failure
    assert await queries.find_upload(ctx.db.main, new.asset_id) is None
