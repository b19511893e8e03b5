"""Languages: what files write, and what players and people read."""

import pytest

from octavo.kernel.film.languages import language_name, language_tag


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("eng", "en"),
        ("ger", "de"),
        ("deu", "de"),
        ("pt_BR", "pt-BR"),
        ("und", "und"),
        ("", "und"),
        ('e"n', "und"),
        ("gsw", "gsw"),
    ],
)
def test_a_language_gets_its_shortest_tag(written: str, tag: str) -> None:
    assert language_tag(written) == tag


def test_a_language_is_called_what_its_speakers_call_it() -> None:
    assert language_name("fr-CA") == "Français"
    assert language_name("gsw") == ""
