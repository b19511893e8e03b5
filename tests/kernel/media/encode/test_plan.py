"""The chunk plan: every frame once, even segments, the same names for the same work."""

from itertools import pairwise

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from octavo.kernel.media.encode import FrameRate, SourceInfo, chunk_key, ladder, plan_chunks
from tests.kernel.media.encode.test_ladder import a_source

FILM = FrameRate(24)
RATES = [FrameRate(24000, 1001), FrameRate(25), FrameRate(60)]


def a_film_cut_at(*cuts: float, duration: float = 200.0, rate: FrameRate = FILM) -> SourceInfo:
    source = a_source(1920, 1080)
    return replace(source, duration=duration, cuts=cuts, video=replace(source.video, frame_rate=rate))


def test_chunks_begin_at_the_cuts_and_the_last_runs_to_the_end() -> None:
    spans = plan_chunks(a_film_cut_at(8.0, 68.0))
    assert [(span.first_frame, span.frames) for span in spans] == [(0, 192), (192, 1440), (1632, None)]
    assert [span.segment_frames for span in spans] == [24, 96, 96]


def test_a_film_without_a_key_frame_in_its_middle_is_one_chunk_of_common_segments() -> None:
    [span] = plan_chunks(a_film_cut_at())
    assert (span.first_frame, span.frames, span.segment_frames) == (0, None, 96)


def test_cuts_are_counted_on_the_grid_of_an_uneven_rate() -> None:
    spans = plan_chunks(a_film_cut_at(8.008, rate=FrameRate(30000, 1001)))
    assert spans[1].first_frame == 240
    assert spans[1].seek == 8.008


@given(
    st.lists(st.floats(0.01, 3600), max_size=30),
    st.sampled_from([FrameRate(24000, 1001), FrameRate(25), FrameRate(60)]),
)
def test_the_chunks_hold_every_frame_once(cuts: list[float], rate: FrameRate) -> None:
    spans = plan_chunks(a_film_cut_at(*sorted(cuts), duration=3600.0, rate=rate))
    assert spans[0].first_frame == 0
    for before, after in pairwise(spans):
        assert before.frames is not None
        assert before.frames > 0
        assert after.first_frame == before.first_frame + before.frames
    assert spans[-1].frames is None
    assert all(4 <= span.segment_frames <= 6 * rate.fraction + 1 for span in spans)


def test_a_key_names_the_source_the_span_and_the_rung() -> None:
    source = a_film_cut_at(8.0)
    first, second = plan_chunks(source)
    high, low = ladder(source)[0], ladder(source)[-1]
    keys = {chunk_key(sha, span, rung, source) for sha in "ab" for span in (first, second) for rung in (high, low)}
    assert len(keys) == 8
    assert chunk_key("a", first, high, source) in keys


def test_films_of_which_less_was_known_keep_the_names_of_their_outputs() -> None:
    """A name is made of the picture's JSON, in which a field that came later must not show."""
    assert b"captions" not in msgspec.json.encode(a_film_cut_at().video)
