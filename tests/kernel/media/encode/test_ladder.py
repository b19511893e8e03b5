"""The ladder: which qualities a film gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.kernel.media.encode import FrameRate, SourceInfo, VideoTrack, first_rung, ladder


def a_source(width: int, height: int, rate: int = 24) -> SourceInfo:
    video = VideoTrack(
        index=0, codec="h264", width=width, height=height, frame_rate=FrameRate(rate), variable_rate=False, start=0.0,
        rotation=0, pixel_aspect="1:1", bit_depth=8, hdr="", interlaced=False,
    )  # fmt: skip
    return SourceInfo(container="mov", duration=60.0, size=1, video=video)


def sizes(width: int, height: int) -> list[tuple[str, int, int]]:
    return [(rung.name, rung.width, rung.height) for rung in ladder(a_source(width, height))]


def test_a_full_hd_film_gets_all_five_rungs() -> None:
    assert sizes(1920, 1080) == [
        ("1080p", 1920, 1080), ("720p", 1280, 720), ("480p", 854, 480), ("360p", 640, 360), ("240p", 426, 240),
    ]  # fmt: skip


def test_a_4k_film_is_scaled_down_to_the_ladder() -> None:
    assert sizes(3840, 2160)[0] == ("1080p", 1920, 1080)


def test_a_4k_film_keeps_its_size_where_that_is_wanted() -> None:
    rungs = ladder(a_source(3840, 2160), most_lines=2160)
    assert [(rung.name, rung.level) for rung in rungs[:3]] == [("2160p", "5.1"), ("1440p", "5.0"), ("1080p", "4.0")]
    assert ladder(a_source(1920, 1080), most_lines=2160) == ladder(a_source(1920, 1080))


def test_a_small_film_is_never_enlarged() -> None:
    assert sizes(640, 360) == [("360p", 640, 360), ("240p", 426, 240)]


def test_a_film_below_the_ladder_gets_one_rung_of_its_own_size() -> None:
    assert sizes(160, 120) == [("120p", 160, 120)]


def test_one_pixel_is_made_large_enough_to_encode() -> None:
    assert sizes(1, 1) == [("16p", 16, 16)]


def test_odd_sides_become_even_and_do_not_grow() -> None:
    assert sizes(853, 481)[0] == ("480p", 852, 480)
    assert sizes(407, 231) == [("230p", 406, 230)]


def test_an_upright_film_is_measured_by_its_short_side() -> None:
    assert sizes(1080, 1920)[2] == ("480p", 480, 854)


def test_a_wide_film_is_called_by_its_width() -> None:
    assert sizes(1920, 800)[0] == ("1080p", 1920, 800)


def test_a_film_just_below_a_rung_keeps_its_own_size() -> None:
    assert sizes(1904, 1072)[0] == ("1072p", 1904, 1072)


@pytest.mark.parametrize(("height", "first"), [(1080, "480p"), (480, "480p"), (360, "360p"), (120, "120p")])
def test_the_first_rung_is_480p_or_the_nearest_below(height: int, first: str) -> None:
    assert first_rung(ladder(a_source(height * 16 // 9, height))).name == first


@pytest.mark.parametrize(("rate", "level"), [(24, "4.0"), (30, "4.0"), (60, "4.2")])
def test_the_level_is_the_lowest_that_holds_the_rung(rate: int, level: str) -> None:
    assert ladder(a_source(1920, 1080, rate))[0].level == level


@given(st.integers(1, 8192), st.integers(1, 8192))
def test_every_rung_is_even_and_none_is_larger_than_the_film(width: int, height: int) -> None:
    rungs = ladder(a_source(width, height))
    assert rungs
    for rung in rungs:
        assert rung.width % 2 == rung.height % 2 == 0
        assert 16 <= rung.width <= max(width, 16)
        assert 16 <= rung.height <= max(height, 16)
    assert len({rung.name for rung in rungs}) == len(rungs)
    assert [rung.lines for rung in rungs] == sorted((rung.lines for rung in rungs), reverse=True)
