"""Drawn posters: readable whatever the colours, the same for the same title, and safe."""

import re

from hypothesis import given
from hypothesis import strategies as st

from octavo.ui.colours import contrast, hex_from_oklch, oklch_from_hex
from octavo.ui.posters import drawn_poster

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@given(st.text(max_size=200), st.integers(), st.lists(COLOURS, max_size=3), st.sampled_from(["wide", "tall"]))
def test_the_title_reads_well_on_every_ground(title: str, seed: int, colors: list[str], ratio: str) -> None:
    poster = drawn_poster(title, seed=seed, colors=colors, ratio=ratio)
    ground = re.search(r'height="100%" fill="(#[0-9a-f]{6})"', poster)
    assert ground
    assert contrast(ground[1], "#ffffff") >= 4.5


@given(st.text(max_size=200))
def test_no_title_becomes_markup(title: str) -> None:
    poster = str(drawn_poster(f"<b>{title}"))
    assert "<b>" not in poster
    assert poster.count("<svg") == 1


def test_a_title_always_has_the_same_poster() -> None:
    assert drawn_poster("Salt", seed="1") == drawn_poster("Salt", seed="1")
    assert drawn_poster("Salt", seed="1") != drawn_poster("Salt", seed="2")


def test_a_long_title_is_wrapped_and_cut() -> None:
    poster = drawn_poster("A short history of the extraordinarily long afternoon that would not end")
    assert 2 <= poster.count("<text") <= 3
    assert "…" in poster


def test_a_poster_stays_within_the_content_security_policy() -> None:
    assert "style" not in drawn_poster("Salt", colors=("#c04030",))


@given(COLOURS)
def test_colours_survive_the_way_to_oklch_and_back(colour: str) -> None:
    there_and_back = hex_from_oklch(*oklch_from_hex(colour))
    for n in (1, 3, 5):
        assert abs(int(colour[n : n + 2], 16) - int(there_and_back[n : n + 2], 16)) <= 4
