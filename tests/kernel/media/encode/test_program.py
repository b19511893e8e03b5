"""Finding ffmpeg: a trial of it that something ended says nothing about the next one."""

from collections.abc import Iterator

import pytest
from imageio_ffmpeg import _utils

from octavo.kernel.media.encode import EncodeInterrupted
from octavo.kernel.media.encode.ffmpeg import ffmpeg_program


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    forget()
    yield
    forget()


def forget() -> None:
    ffmpeg_program.cache_clear()
    _utils._get_ffmpeg_exe.cache_clear()


def test_a_trial_that_was_killed_is_not_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as killed:
        killed.setattr(_utils, "_is_valid_exe", lambda program: False)
        with pytest.raises(EncodeInterrupted):
            ffmpeg_program()
    assert "ffmpeg" in ffmpeg_program()
