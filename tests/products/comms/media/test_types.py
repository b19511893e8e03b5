"""What a file is, whatever its server says."""

from pathlib import Path

import pytest

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.media.types import settled_type, sniffed
from tests.products.comms.media.files import a_file


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.jpg", "image/jpeg"),
        ("a.png", "image/png"),
        ("a.gif", "image/gif"),
        ("a.bmp", "image/bmp"),
        ("a.tiff", "image/tiff"),
        ("a.webp", "image/webp"),
        ("a.wav", "audio/wav"),
        ("a.ogg", "audio/ogg"),
        ("a.flac", "audio/flac"),
        ("a.mp3", "audio/mpeg"),
    ],
)
def test_files_are_known_by_their_bytes(tmp_path: Path, name: str, expected: str) -> None:
    assert sniffed(a_file(tmp_path, name)) == expected


@pytest.mark.parametrize(
    ("claimed", "head", "expected"),
    [
        ("image/jpeg", b"\x89PNG\r\n\x1a\n", "image/png"),
        ("", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("application/octet-stream", b"%PDF-1.7", "application/pdf"),
        ("audio/ogg", b"OggS", "audio/ogg"),
        ("video/mp4", b"\0\0\0\x20ftypM4A ", "audio/mp4"),
        ("text/x-vcard; charset=utf-8", b"BEGIN:VCARD\r\n", "text/vcard"),
        ("text/plain", "Grüße".encode(), "text/plain"),
    ],
)
def test_a_claim_that_fits_is_believed_and_made_exact(claimed: str, head: bytes, expected: str) -> None:
    assert settled_type(claimed, head) == expected


@pytest.mark.parametrize(
    ("claimed", "head"),
    [
        ("image/png", b"<!DOCTYPE html><script>"),
        ("image/png", b"%PDF-1.7"),
        ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'>"),
        ("text/html", b"<html>"),
        ("text/plain", b"  <script>alert(1)</script>"),
        ("text/plain", b"MZ\x00\x01"),
        ("application/octet-stream", b"\x7fELF"),
        ("", b""),
    ],
)
def test_lies_and_what_could_be_run_are_refused(claimed: str, head: bytes) -> None:
    with pytest.raises(CommsRefusal) as refused:
        settled_type(claimed, head)
    assert refused.value.number == 12300
