"""What is accepted for upload, under which name, and where an upload may go on."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.kernel.ids import new_id
from octavo.kernel.media.upload import rules
from octavo.kernel.media.upload.rows import Quota, Upload, UploadRequest
from octavo.kernel.refusals import BadRequest, Gone, Invalid, StorageFull, TooLarge, UnsupportedMedia
from tests.kernel.media.house import TESTED

MIB = 1 << 20


def a_request(filename: str = "film.mp4", filetype: str = "video/mp4", length: int = MIB) -> UploadRequest:
    return UploadRequest(TESTED.name, filename, filetype, length)


def an_upload(length: int = 100, received: int = 0, state: str = "uploading") -> Upload:
    return Upload(
        asset_id=new_id(), owner_id=new_id(), state=state, length=length, received=received,
        finished_at=None, expires_at=datetime(2030, 1, 1, tzinfo=UTC),
    )  # type: ignore[arg-type]  # fmt: skip


@pytest.mark.parametrize(
    ("filename", "filetype"),
    [("film.mp4", "video/mp4"), ("film.MKV", ""), ("film.mts", "application/octet-stream"), ("x", "video/quicktime")],
)
def test_films_are_accepted_by_what_the_sender_calls_them(filename: str, filetype: str) -> None:
    rules.check_announced(a_request(filename, filetype), TESTED, largest=1 << 40)


@pytest.mark.parametrize(
    ("filename", "filetype"),
    [("letter.pdf", "application/pdf"), ("film.mp4", "text/html"), ("nameless", ""), ("a.exe", "")],
)
def test_other_files_are_refused_before_a_byte_is_stored(filename: str, filetype: str) -> None:
    with pytest.raises(UnsupportedMedia):
        rules.check_announced(a_request(filename, filetype), TESTED, largest=1 << 40)


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(Invalid, match="empty"):
        rules.check_announced(a_request(length=0), TESTED, largest=1 << 40)


def test_the_smaller_of_setting_and_purpose_bounds_the_size() -> None:
    assert TESTED.max_size is not None
    rules.check_announced(a_request(length=TESTED.max_size), TESTED, largest=1 << 40)
    with pytest.raises(TooLarge):
        rules.check_announced(a_request(length=TESTED.max_size + 1), TESTED, largest=1 << 40)
    with pytest.raises(TooLarge):
        rules.check_announced(a_request(length=MIB), TESTED, largest=MIB - 1)


def test_a_quota_counts_what_is_there_and_what_would_come() -> None:
    rules.check_quota(40, Quota(used=60, allowed=100))
    rules.check_quota(40, Quota(used=1 << 50, allowed=0))
    with pytest.raises(rules.QuotaReached):
        rules.check_quota(41, Quota(used=60, allowed=100))


def test_some_room_stays_free_on_the_disk() -> None:
    rules.check_disk(50, free=100, kept_free=50)
    with pytest.raises(StorageFull):
        rules.check_disk(51, free=100, kept_free=50)


def test_bytes_are_appended_only_where_the_last_ones_ended() -> None:
    rules.check_append(an_upload(received=40), offset=40, announced=60)
    for offset in (0, 39, 41, 100):
        with pytest.raises(rules.OffsetConflict):
            rules.check_append(an_upload(received=40), offset=offset, announced=1)


def test_a_body_longer_than_announced_is_refused() -> None:
    with pytest.raises(TooLarge):
        rules.check_append(an_upload(received=40), offset=40, announced=61)


def test_an_ended_upload_takes_no_bytes() -> None:
    with pytest.raises(Gone):
        rules.check_append(an_upload(state="deleted"), offset=0, announced=1)


@pytest.mark.parametrize("text", ["", "-1", "+1", "1.5", "0x10", "１２", "1" * 19, " 1"])
def test_a_size_is_digits_and_nothing_else(text: str) -> None:
    with pytest.raises(BadRequest):
        rules.announced_number(text, "Upload-Length")


@pytest.mark.parametrize(
    ("given_name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("..", "untitled"),
        ("", "untitled"),
        ("a\x00b\r\n.mp4", "ab.mp4"),
        ("/abs/olute/film.mp4", "film.mp4"),
        (".hidden.mp4", "hidden.mp4"),
        ("Müller – Ferien.mp4", "Müller – Ferien.mp4"),
    ],
)
def test_a_file_name_loses_what_a_path_could_trip_over(given_name: str, safe: str) -> None:
    assert rules.safe_filename(given_name) == safe


@given(st.text())
def test_no_file_name_escapes_its_folder_or_grows_without_bound(name: str) -> None:
    safe = rules.safe_filename(name)
    assert safe
    assert "/" not in safe
    assert "\\" not in safe
    assert safe not in (".", "..")
    assert len(safe) <= rules.NAME_LENGTH
    assert safe.isprintable()


def test_a_long_name_keeps_its_ending() -> None:
    assert rules.safe_filename("x" * 500 + ".mp4").endswith("x.mp4")


def test_the_hash_of_a_file_is_the_hash_of_its_part_hashes() -> None:
    assert rules.source_hash([b"a" * 32]) != rules.source_hash([b"a" * 32, b"a" * 32])
    assert rules.source_hash([b"a" * 32, b"b" * 32]) != rules.source_hash([b"b" * 32, b"a" * 32])
