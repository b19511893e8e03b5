"""Nobody sees where chunks meet: rate control begins anew there, and the picture stays as good."""

from pathlib import Path
from statistics import fmean

import pytest
import uvloop

from octavo.kernel.film import FrameRate
from octavo.kernel.media.encode import EncodeFailed, ladder, plan_chunks, probe
from octavo.kernel.media.encode.quality import vmaf, vmaf_by_frame
from octavo.kernel.media.packaging import join_pieces
from tests.kernel.media.numbered import made_by_ffmpeg
from tests.kernel.media.presentations import every_chunk

RATE = 24
HARD = f"mandelbrot=s=320x180:r={RATE}:start_scale=0.5:end_scale=0.01,trim=duration=17,noise=alls=14:allf=t"
ABOUT = RATE  # frames on either side of a border


@pytest.mark.slow
async def test_a_hard_film_is_as_good_where_chunks_meet_as_in_their_middle(tmp_path: Path) -> None:
    keys = ("-c:v", "libx264", "-preset", "ultrafast", "-qp", "4", "-g", str(RATE), "-pix_fmt", "yuv420p")
    film = made_by_ffmpeg("-f", "lavfi", "-i", HARD, *keys, tmp_path / "hard.mp4")
    source = await probe(film)
    [rung, *_] = ladder(source)
    border = plan_chunks(source)[1].first_frame
    chunks = await every_chunk(film, tmp_path, [rung], source)
    join_pieces(chunks[rung.name], tmp_path / "joined.mp4")
    frames = await vmaf_by_frame(tmp_path / "joined.mp4", film, source.video.frame_rate)
    middle = border // 2
    at_border = fmean(frames[border - ABOUT : border + ABOUT])
    in_middle = fmean(
        [*frames[middle - ABOUT : middle + ABOUT], *frames[border + middle - ABOUT : border + middle + ABOUT]]
    )
    assert 20 < in_middle < 99
    assert at_border == pytest.approx(in_middle, abs=1)


def test_quality_is_measured_as_the_workers_do_it_in_a_folder_of_any_name(tmp_path: Path) -> None:
    """Under their event loop a child's standard output is a socket, which not everything can write to."""
    folder = tmp_path / "a:b,c [d];e 'f' \\g"
    folder.mkdir()
    film = made_by_ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x64:r=10:d=1", "-c:v", "libx264", folder / "film.mp4")
    assert uvloop.run(vmaf(film, film, FrameRate(10, 1))) > 90
    assert sorted(folder.iterdir()) == [film]


async def test_a_quality_that_cannot_be_measured_is_said_to_be_so(tmp_path: Path) -> None:
    film = made_by_ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x64:r=10:d=1", "-c:v", "libx264", tmp_path / "film.mp4")
    other = made_by_ffmpeg("-f", "lavfi", "-i", "testsrc2=s=32x32:r=10:d=1", "-c:v", "libx264", tmp_path / "other.mp4")
    with pytest.raises(EncodeFailed):
        await vmaf_by_frame(film, other, FrameRate(10, 1))
