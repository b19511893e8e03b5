"""The ladder fitted to a film: fewer bits for the same quality, or nothing changed; pieces of both fit together."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from octavo.kernel.media.encode import Rung, encode_chunk, fitted_rungs, ladder, plan_chunks, probe, samples_of
from octavo.kernel.media.encode.fitting import THOROUGH, Trial, fitted_rung
from octavo.kernel.media.encode.quality import vmaf
from octavo.kernel.media.packaging import join_pieces
from tests.kernel.media.films import decode_errors
from tests.kernel.media.numbered import made_by_ffmpeg

RUNG = Rung(480, 854, 480, 23, 1_400_000, 2_100_000, "3.1", tools="stitchable=1")
# Without colours of ours, each run has others.
COLOURS = "nb_colors=4:c0=0x14213d:c1=0xfca311:c2=0xe5e5e5:c3=0x8d0801:seed=3"
EASY = f"gradients=s=320x180:r=12:d=4:speed=0.02:{COLOURS}"


def test_a_rung_that_looks_the_same_in_fewer_bits_is_fitted() -> None:
    fitted = fitted_rung(RUNG, Trial(1_000_000, 90), [Trial(900_000, 93), Trial(600_000, 89)])
    assert (fitted.crf, fitted.tools) == (27.0, THOROUGH)


def test_a_rung_that_gains_nothing_stays_as_it_is() -> None:
    assert fitted_rung(RUNG, Trial(1_000_000, 93), [Trial(980_000, 93), Trial(700_000, 89)]) == RUNG


def test_a_rung_whose_rate_decides_its_quality_gains_where_the_picture_is_better() -> None:
    fixed = Trial(1_400_000, 70)
    assert fitted_rung(RUNG, fixed, [Trial(1_390_000, 72), Trial(1_300_000, 72)]).crf == 28
    assert fitted_rung(RUNG, fixed, [Trial(1_400_000, 70), Trial(1_400_000, 70)]) == RUNG


def test_a_rung_that_would_need_far_more_bits_stays_as_it_is() -> None:
    assert fitted_rung(RUNG, Trial(1_000_000, 97), [Trial(500_000, 90), Trial(300_000, 89)]) == RUNG


@pytest.mark.slow
async def test_an_easy_film_takes_far_less_at_the_same_quality(tmp_path: Path) -> None:
    film = made_by_ffmpeg("-f", "lavfi", "-i", EASY, "-c:v", "libx264", "-qp", "0", tmp_path / "easy.mp4")
    source = await probe(film)
    assert samples_of(source) == ()  # too short for the time that it takes
    rungs = ladder(source)[:1]
    [rung] = rungs
    span = plan_chunks(source)[0]
    sample = replace(span, frames=24, segment_frames=24)
    [fitted] = await fitted_rungs(film, tmp_path, rungs, source, [sample])
    assert fitted != rung
    made = {}
    for one in (rung, fitted):
        folder = tmp_path / f"{one.crf:g}"
        folder.mkdir()
        made[one] = (await encode_chunk(film, folder, span, [one], source))[one.name]
    assert made[fitted].path.stat().st_size <= 0.85 * made[rung].path.stat().st_size
    quality = {one: await vmaf(chunk.path, film, source.video.frame_rate) for one, chunk in made.items()}
    assert quality[fitted] >= quality[rung] - 0.5
    assert made[fitted].index.init_sha256 == made[rung].index.init_sha256


@pytest.mark.slow
async def test_pieces_before_and_after_the_fitting_are_one_track(tmp_path: Path) -> None:
    picture = "testsrc2=s=192x108:r=12:d=12"
    film = made_by_ffmpeg("-f", "lavfi", "-i", picture, "-c:v", "libx264", "-g", "12", tmp_path / "film.mp4")
    source = await probe(film)
    [rung, *_] = ladder(source)
    spans = plan_chunks(source)
    pieces = []
    for span, one in zip(spans, (rung, replace(rung, crf=25.75, tools=THOROUGH)), strict=True):
        pieces.append((await encode_chunk(film, tmp_path, span, [one], source))[rung.name].path)
    index = join_pieces(pieces, tmp_path / "joined.mp4")
    assert index.duration == pytest.approx(12)
    assert decode_errors(tmp_path / "joined.mp4") == ""
