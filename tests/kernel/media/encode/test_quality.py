"""Nobody sees where chunks meet: rate control begins anew there, and the picture stays as good."""

from pathlib import Path
from statistics import fmean

import pytest

from octavo.kernel.media.encode import ladder, plan_chunks, probe
from octavo.kernel.media.encode.quality import vmaf_by_frame
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
