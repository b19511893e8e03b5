"""What a request carries arrives typed, or all that is wrong with it is said at once."""

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from octavo.kernel.context import Context, Engines
from octavo.kernel.http import BodyStream, MultipartParts, Redirect, Router, View, public
from octavo.kernel.http._fields import FieldReader
from octavo.kernel.refusals import Invalid
from tests.kernel.http.small_house import house_of


class Author(msgspec.Struct, frozen=True):
    name: Annotated[str, Meta(min_length=2)]
    born: date | None = None


class NewBook(msgspec.Struct, frozen=True):
    title: Annotated[str, Meta(min_length=1, max_length=20)]
    pages: Annotated[int, Meta(ge=1, le=9999)]
    author: Author
    editor: Author | None = None
    tags: list[str] = []


class Search(msgspec.Struct, frozen=True):
    q: str = ""
    page: int | None = None
    tag: list[str] = []
    sold_out: bool = False


class Signature(msgspec.Struct, frozen=True):
    x_signature: str
    accept_language: str = "en"


class Edit(msgspec.Struct, frozen=True):
    title: Annotated[str, Meta(min_length=3)]
    pages: int
    public: bool = False


def routes() -> Router:
    api = Router("/api/t/v1", product="test")

    @api.post("/books", access=public, status=201)
    async def add(ctx: Context, body: NewBook) -> NewBook:
        return body

    @api.get("/books", access=public)
    async def search(ctx: Context, query: Search) -> Search:
        return query

    @api.get("/signed", access=public)
    async def signed(ctx: Context, headers: Signature) -> Signature:
        return headers

    @api.put("/stream", access=public, body_limit=100_000)
    async def stream(ctx: Context, stream: BodyStream) -> list[int | None]:
        return [stream.length, sum([len(chunk) async for chunk in stream])]

    @api.post("/parts", access=public)
    async def parts(ctx: Context, parts: MultipartParts) -> list[list[str | int | None]]:
        found: list[list[str | int | None]] = []
        async for part in parts:
            if part.filename is None:
                found.append([part.name, None, await part.text()])
            elif part.name != "skipped":
                found.append([part.name, part.filename, sum([len(chunk) async for chunk in part])])
        return found

    pages = Router("/t", product="test")

    def form_again(ctx: Context, book_id: UUID, errors: dict[str, str], values: dict[str, str]) -> View:
        return View("t/edit.html", {"book": book_id, "errors": errors, "values": values})

    @pages.post("/books/{book_id}/edit", access=public, on_invalid=form_again)
    async def edit(ctx: Context, book_id: UUID, form: Edit) -> Redirect:
        if form.title == "taken":
            raise Invalid(fields={"title": "There is one already."})
        return Redirect(f"/t/books?public={form.public}")

    return Router("", product="test", routes=[*api.routes, *pages.routes])


EDIT = "/t/books/0190b5d2-0000-7000-8000-000000000001/edit"


async def test_a_right_body_arrives_typed(engines: Engines) -> None:
    book = {"title": "Sea", "pages": 7, "author": {"name": "Ada", "born": "1815-12-10"}}
    async with house_of(engines, *routes().routes) as client:
        answer = await client.post("/api/t/v1/books", json=book)
    assert answer.status_code == 201
    assert answer.json() == {**book, "editor": None, "tags": []}


async def test_all_wrong_fields_of_a_body_are_named_at_once(engines: Engines) -> None:
    book = {"pages": 0, "author": {"name": "A", "born": "soon"}, "editor": {"born": None}, "tags": ["a", 7]}
    async with house_of(engines, *routes().routes) as client:
        answer = await client.post("/api/t/v1/books", json=book)
    assert answer.status_code == 422
    assert answer.json()["fields"] == {
        "title": "This is required.",
        "pages": "This must be at least 1.",
        "author.name": "Use at least 2 characters.",
        "author.born": "Enter a date such as 2026-01-31.",
        "editor.name": "This is required.",
        "tags.1": "Enter text.",
    }


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"", 400), (b"\xff", 400), (b"[]", 422), (b"null", 422), (b"[" * 100_000, 400)],
)
async def test_what_is_no_book_is_refused(engines: Engines, body: bytes, status: int) -> None:
    async with house_of(engines, *routes().routes) as client:
        answer = await client.post("/api/t/v1/books", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status


async def test_a_character_that_cannot_be_stored_is_refused(engines: Engines) -> None:
    book = {"title": "a\0b", "pages": 7, "author": {"name": "Ada"}}
    async with house_of(engines, *routes().routes) as client:
        assert (await client.post("/api/t/v1/books", json=book)).status_code == 422
        assert (await client.get("/api/t/v1/books", params={"q": "a\0b"})).status_code == 422
        # Six characters that only look like it.
        answer = await client.post("/api/t/v1/books", json={**book, "title": r"a\u0000b"})
    assert answer.json()["title"] == r"a\u0000b"


async def test_a_body_of_another_kind_is_refused(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        answer = await client.post("/api/t/v1/books", content=b"{}", headers={"content-type": "text/plain"})
    assert answer.status_code == 415


async def test_a_body_over_its_limit_is_refused(engines: Engines) -> None:
    async def drip() -> object:
        for _ in range(11):
            yield b"x" * 10_000

    async with house_of(engines, *routes().routes) as client:
        announced = await client.put("/api/t/v1/stream", content=b"x" * 100_001)
        dripped = await client.put("/api/t/v1/stream", content=drip())  # type: ignore[arg-type]
        fitting = await client.put("/api/t/v1/stream", content=b"x" * 100_000)
    assert announced.status_code == dripped.status_code == 413
    assert fitting.json() == [100_000, 100_000]


async def test_a_query_arrives_typed(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        answer = await client.get("/api/t/v1/books?q=&page=&tag=a&tag=b&sold_out=on&utm_source=x")
    assert answer.json() == {"q": "", "page": None, "tag": ["a", "b"], "sold_out": True}


async def test_all_wrong_fields_of_a_query_are_named_at_once(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        answer = await client.get("/api/t/v1/books?page=one&q=a&q=b&sold_out=perhaps")
    assert answer.json()["fields"] == {
        "q": "Give this only once.",
        "page": "Enter a whole number.",
        "sold_out": "Choose yes or no.",
    }


async def test_headers_arrive_typed(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        signed = await client.get("/api/t/v1/signed", headers={"X-Signature": "abc"})
        unsigned = await client.get("/api/t/v1/signed")
    assert signed.json() == {"x_signature": "abc", "accept_language": "en"}
    assert unsigned.json()["fields"] == {"x-signature": "This is required."}


async def test_a_wrong_form_is_shown_again_with_what_was_typed(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        answer = await client.post(EDIT, data={"title": "ab", "pages": "", "public": "on"})
    assert answer.status_code == 422
    assert "t/edit.html" in answer.text
    assert '"title": "Use at least 3 characters."' in answer.text
    assert '"pages": "This is required."' in answer.text
    assert '"values": {"title": "ab", "pages": "", "public": "on"}' in answer.text


async def test_a_form_that_the_domain_refuses_is_shown_again_too(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        answer = await client.post(EDIT, data={"title": "taken", "pages": "3"})
    assert answer.status_code == 422
    assert "There is one already." in answer.text


async def test_a_form_arrives_in_either_encoding(engines: Engines) -> None:
    async with house_of(engines, *routes().routes) as client:
        plain = await client.post(EDIT, data={"title": "Sea", "pages": "3", "public": "on"})
        multipart = await client.post(EDIT, files={"title": (None, "Sea"), "pages": (None, "3")})
    assert plain.headers["location"] == "/t/books?public=True"
    assert multipart.headers["location"] == "/t/books?public=False"
    assert plain.status_code == multipart.status_code == 303


async def test_files_of_a_form_stream_through(engines: Engines) -> None:
    big = b"film" * 500_000
    files = {"name": (None, "Ferry"), "skipped": ("a.bin", big), "film": ("ü/../b.mp4", big)}
    async with house_of(engines, *routes().routes) as client:
        answer = await client.post("/api/t/v1/parts", files=files)
    assert answer.json() == [["name", None, "Ferry"], ["film", "ü/../b.mp4", len(big)]]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"--B\r\n\r\nno headers\r\n--B--",
        b'--B\r\nContent-Disposition: form-data; name="a"\r\n\r\ncut',
    ],
)
async def test_a_broken_multipart_form_is_refused(engines: Engines, body: bytes) -> None:
    async with house_of(engines, *routes().routes) as client:
        answer = await client.post(
            "/api/t/v1/parts", content=body, headers={"content-type": "multipart/form-data; boundary=B"}
        )
    assert answer.status_code == 400


@given(pairs=st.lists(st.tuples(st.sampled_from(["q", "page", "tag", "sold_out", "other"]), st.text(max_size=8))))
def test_a_query_is_either_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    try:
        found = FieldReader(Search).read(pairs)
    except Invalid as refusal:
        found, errors = None, refusal.fields
    else:
        errors = {}
    assert set(errors) <= {"q", "page", "tag", "sold_out"}
    assert (found is None) is bool(errors)
    if found is not None:
        assert [text for name, text in pairs if name == "tag" and text] == found.tag
