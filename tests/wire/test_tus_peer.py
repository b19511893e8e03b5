"""The same requests go to Octavo and to @tus/server: statuses and protocol headers agree, but for what is listed."""

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import uuid4

import httpx
import pytest

from tests.wire.conftest import RunNode

pytestmark = pytest.mark.slow
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {**TUS, "Content-Type": "application/offset+octet-stream"}
NAMED = {"Upload-Metadata": "filename ZmlsbS5tcDQ=,filetype dmlkZW8vbXA0"}  # film.mp4, video/mp4
# Compared to the letter.
EXACT = ("Tus-Resumable", "Upload-Offset", "Upload-Length", "Upload-Concat", "Upload-Metadata", "Upload-Defer-Length")
# Compared by their being there: what they say is each server's own.
THERE = ("Location", "Upload-Expires")
MAX_SIZE = 1 << 38
# What we may say where the peer is silent.
MORE = {
    "Upload-Offset": "where an upload stands is told at its creation as well",
    "Upload-Expires": "every answer about an unfinished upload says until when it is kept",
}
# Our status where the peer has another one, and why.
OTHERWISE = {
    "bytes of another version": (412, "the protocol asks for 412 where a version is not spoken"),
    "create of another version": (412, "the same"),
    "bytes of another type": (415, "the protocol recommends 415"),
    "create with bytes of another type": (415, "the same; the peer makes an upload and ignores the bytes"),
    "bytes without an offset": (400, "a request that lacks a header is no matter of permission"),
    "create of nothing": (422, "an empty file is no film"),
    "create without a length yet": (400, "size and quota are checked before a byte is stored"),
    "bytes by POST": (204, "X-HTTP-Method-Override is a MUST of the protocol; the peer does not know it"),
    "end by POST": (204, "the same"),
    "head after the end by POST": (404, "the same"),
    "bytes that do not": (460, "the peer has no checksums"),
    "an algorithm that nobody knows": (400, "the same"),
    "create a part": (201, "the peer's store has no concatenation"),
    "create another part": (201, "the same"),
    "bytes of a part": (204, "the same"),
    "head of a part": (200, "the same"),
    "join what is not whole": (409, "the same"),
    "bytes of the other part": (204, "the same"),
    "join with a length": (400, "the same"),
    "join": (201, "the same"),
    "bytes to what is joined": (403, "the same"),
}


@dataclass
class Talk:
    """One server being asked; `said` holds what it answered, step by step, as far as it is compared."""

    client: httpx.Client
    path: str
    said: dict[str, dict[str, str]] = field(default_factory=dict)

    def ask(self, step: str, method: str, url: str = "", *, content: bytes = b"", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.client.request(method, url or self.path, content=content, headers=named)
        heard = {"status": str(answer.status_code)}
        heard |= {name: answer.headers[name] for name in EXACT if name in answer.headers}
        heard |= {name: "there" for name in THERE if name in answer.headers}
        if method == "HEAD" and answer.is_success:
            heard["Cache-Control"] = answer.headers.get("Cache-Control", "")
        self.said[step] = heard
        return answer

    def begin(self, step: str, length: int = 100, **headers: str) -> str:
        return self.ask(step, "POST", Upload_Length=str(length), **TUS, **NAMED, **headers).headers.get(
            "Location", f"{self.path}/{uuid4()}"
        )

    def append(self, step: str, url: str, content: bytes, offset: int | str, **headers: str) -> httpx.Response:
        return self.ask(step, "PATCH", url, content=content, **{**BYTES, "Upload-Offset": str(offset), **headers})


def whole(talk: Talk) -> None:
    url = talk.begin("create")
    talk.ask("head of a new one", "HEAD", url, **TUS)
    talk.append("first bytes", url, b"x" * 40, 0)
    talk.ask("head in the middle", "HEAD", url, **TUS)
    talk.append("at an offset that was", url, b"x" * 40, 0)
    talk.append("at an offset to come", url, b"x" * 10, 90)
    talk.append("no bytes", url, b"", 40)
    talk.append("last bytes", url, b"x" * 60, 40)
    talk.ask("head of a whole one", "HEAD", url, **TUS)
    talk.append("no bytes behind the end", url, b"", 100)


def with_upload(talk: Talk) -> None:
    typed = {"Content-Type": "application/offset+octet-stream"}
    url = talk.ask(
        "create with first bytes", "POST", content=b"x" * 40, Upload_Length="100", **TUS, **NAMED, **typed
    ).headers.get("Location", f"{talk.path}/{uuid4()}")
    talk.ask("head of it", "HEAD", url, **TUS)
    talk.ask("create with all bytes", "POST", content=b"x" * 100, Upload_Length="100", **TUS, **NAMED, **typed)
    other = {"Content-Type": "text/plain"}
    talk.ask("create with bytes of another type", "POST", content=b"x", Upload_Length="100", **TUS, **NAMED, **other)


def wrong(talk: Talk) -> None:
    url = talk.begin("create for mistakes")
    offset = {"Upload-Offset": "0"}
    talk.ask("bytes without a version", "PATCH", url, content=b"x", **{**BYTES, **offset, "Tus-Resumable": ""})
    talk.ask("bytes of another version", "PATCH", url, content=b"x", **{**BYTES, **offset, "Tus-Resumable": "0.2.2"})
    talk.ask("bytes of another type", "PATCH", url, content=b"x", **{**BYTES, **offset, "Content-Type": "text/plain"})
    talk.ask("bytes without an offset", "PATCH", url, content=b"x", **BYTES)
    talk.append("bytes at no number", url, b"x", "here")
    talk.append("bytes before the beginning", url, b"x", -1)
    talk.append("more bytes than announced", url, b"x" * 101, 0)
    talk.ask("head after the mistakes", "HEAD", url, **TUS)
    talk.ask("head without a version", "HEAD", url)
    talk.ask("create of another version", "POST", Upload_Length="5", **{"Tus-Resumable": "0.2.2"})
    talk.ask("create without a length", "POST", **TUS, **NAMED)
    talk.ask("create of no number", "POST", Upload_Length="much", **TUS, **NAMED)
    talk.ask("create of less than nothing", "POST", Upload_Length="-1", **TUS, **NAMED)
    talk.ask("create of too much", "POST", Upload_Length=str(MAX_SIZE + 1), **TUS, **NAMED)
    talk.ask("create with two lengths", "POST", Upload_Length="5", Upload_Defer_Length="1", **TUS, **NAMED)
    talk.ask(
        "create with metadata that is none", "POST", Upload_Length="5", Upload_Metadata="filename no-base64!", **TUS
    )
    talk.begin("create of nothing", 0)
    talk.ask("create without a length yet", "POST", Upload_Defer_Length="1", **TUS, **NAMED)


def ending(talk: Talk) -> None:
    url = talk.begin("create to end it")
    talk.ask("end", "DELETE", url, **TUS)
    talk.ask("head of an ended one", "HEAD", url, **TUS)
    talk.append("bytes to an ended one", url, b"x", 0)
    talk.ask("end an ended one", "DELETE", url, **TUS)
    nobody = f"{talk.path}/{uuid4()}"
    talk.ask("head of nothing", "HEAD", nobody, **TUS)
    talk.append("bytes to nothing", nobody, b"x", 0)
    talk.ask("end nothing", "DELETE", nobody, **TUS)


def overriding(talk: Talk) -> None:
    url = talk.begin("create to override")
    patch = {**BYTES, "Upload-Offset": "0", "X-HTTP-Method-Override": "PATCH"}
    talk.ask("bytes by POST", "POST", url, content=b"x" * 40, **patch)
    talk.ask("end by POST", "POST", url, **TUS, **{"X-HTTP-Method-Override": "DELETE"})
    talk.ask("head after the end by POST", "HEAD", url, **TUS)


def checking(talk: Talk) -> None:
    def sha1(content: bytes) -> str:
        return f"sha1 {base64.b64encode(hashlib.sha1(content).digest()).decode()}"

    url = talk.begin("create to check")
    talk.append("bytes that match", url, b"x" * 40, 0, **{"Upload-Checksum": sha1(b"x" * 40)})
    talk.append("bytes that do not", url, b"x" * 40, 40, **{"Upload-Checksum": sha1(b"y" * 40)})
    assert talk.path == "/files" or talk.client.head(url, headers=TUS).headers["Upload-Offset"] == "40"
    talk.append("an algorithm that nobody knows", url, b"x", 40, **{"Upload-Checksum": "sha0 eHh4"})


def joining(talk: Talk) -> None:
    part = {"Upload-Concat": "partial"}
    first = talk.begin("create a part", 40, **part)
    second = talk.begin("create another part", 60, **part)
    talk.append("bytes of a part", first, b"x" * 40, 0)
    talk.ask("head of a part", "HEAD", first, **TUS)
    final = {"Upload-Concat": f"final;{first} {second}"}
    talk.ask("join what is not whole", "POST", **TUS, **NAMED, **final)
    talk.append("bytes of the other part", second, b"x" * 60, 0)
    talk.ask("join with a length", "POST", Upload_Length="100", **TUS, **NAMED, **final)
    url = talk.ask("join", "POST", **TUS, **NAMED, **final).headers.get("Location", f"{talk.path}/{uuid4()}")
    talk.append("bytes to what is joined", url, b"x", 0)


SCENES: list[Callable[[Talk], None]] = [whole, with_upload, wrong, ending, overriding, checking, joining]


@pytest.fixture(scope="module")
def peer(run_node: RunNode, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    process = run_node("tus_peer.mjs", str(tmp_path_factory.mktemp("peer")), str(MAX_SIZE))
    assert process.stdout is not None
    port = int(process.stdout.readline())
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
        yield client
    process.terminate()
    process.wait(60)


@pytest.fixture
def both(account: httpx.Client, peer: httpx.Client) -> tuple[Talk, Talk]:
    return Talk(account, "/api/media/v1/uploads"), Talk(peer, "/files")


def test_the_extensions_of_the_peer_are_ours_too(both: tuple[Talk, Talk]) -> None:
    ours, theirs = (
        set(talk.client.options(talk.path).headers["Tus-Extension"].replace(" ", "").split(",")) for talk in both
    )
    assert theirs - ours == {"creation-defer-length"}, "not ours, because size and quota are checked before a byte"


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_both_answer_alike(both: tuple[Talk, Talk], scene: Callable[[Talk], None]) -> None:
    ours, theirs = both
    scene(ours)
    scene(theirs)
    assert list(ours.said) == list(theirs.said)
    for step, said in ours.said.items():
        if step in OTHERWISE:
            assert said["status"] == str(OTHERWISE[step][0]), step
            assert said["status"] != theirs.said[step]["status"], f"{step}: no difference any more"
        else:
            more = {name for name in MORE if name in said and name not in theirs.said[step]}
            assert {name: value for name, value in said.items() if name not in more} == theirs.said[step], step
