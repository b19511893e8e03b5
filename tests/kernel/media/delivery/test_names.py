"""What a kept file is called: nothing in a title leads anywhere or hides what the file is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.kernel.media.delivery.rules import SOURCE, content_type, file_name


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Harbour at dawn", "Harbour at dawn 720p.mp4"),
        ("Ночной поезд", "Ночной поезд 720p.mp4"),
        ("../../etc/passwd", "etc passwd 720p.mp4"),
        ("a\r\nSet-Cookie: b", "a Set-Cookie b 720p.mp4"),
        ("invoice\u202e4pm.exe", "invoice 4pm.exe 720p.mp4"),
        (' "C:\\films" ', "C films 720p.mp4"),
        ("...", "Film 720p.mp4"),
        ("", "Film 720p.mp4"),
    ],
)
def test_a_file_is_named_after_its_title(title: str, expected: str) -> None:
    assert file_name(title, "720p.mp4", "upload.mov") == expected


@given(st.text(max_size=300))
def test_every_name_fits_a_file_system(title: str) -> None:
    name = file_name(title, "640x480.mp4", "")
    assert len(name.encode()) <= 255
    assert not set(name) & set('/\\:*?"<>|\0\r\n')
    assert name.isprintable()
    assert not name.startswith((".", " "))
    assert name.endswith(" 640x480.mp4")


@pytest.mark.parametrize(
    ("filename", "expected"),
    [("Dawn.MOV", "Dawn.mov"), ("dawn", "Dawn"), ("a.b/c", "Dawn"), ("x.verylongending", "Dawn"), ("x.ä", "Dawn")],
)
def test_an_uploaded_file_keeps_its_ending(filename: str, expected: str) -> None:
    assert file_name("Dawn", SOURCE, filename) == expected


def test_what_was_uploaded_is_never_sent_as_something_that_a_browser_shows() -> None:
    assert content_type(SOURCE) == "application/octet-stream"
    assert content_type("720p.webm") == "video/webm"
