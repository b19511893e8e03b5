"""Translations: found by language, with the plural rules of each, and English where there is none."""

from pathlib import Path

import pytest

from octavo.ui.catalogues import Catalogues, island_strings
from octavo.ui.translate import collect, packages, update

POLISH = """\
msgid ""
msgstr ""
"Language: pl\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);\\n"

#: templates/video.html
msgid "Upload"
msgstr "Prześlij"

#: ts/player/controls.ts
msgid "Pause"
msgstr "Pauza"

#: templates/video.html
msgid "Not yet"
msgstr ""

msgid "%(num)s film"
msgid_plural "%(num)s films"
msgstr[0] "%(num)s film"
msgstr[1] "%(num)s filmy"
msgstr[2] "%(num)s filmów"
"""


@pytest.fixture
def polish(tmp_path: Path) -> Path:
    (tmp_path / "locale").mkdir()
    (tmp_path / "locale" / "pl.po").write_text(POLISH, encoding="utf-8")
    return tmp_path


def test_a_text_is_translated_for_all_regions_of_a_language(polish: Path) -> None:
    catalogues = Catalogues([polish])
    assert catalogues.gettext("pl", "Upload") == "Prześlij"
    assert catalogues.gettext("pl-PL", "Upload") == "Prześlij"
    assert catalogues.language("pl-PL") == "pl"


def test_a_text_without_translation_stays_english(polish: Path) -> None:
    catalogues = Catalogues([polish])
    assert catalogues.gettext("pl", "Not yet") == "Not yet"
    assert catalogues.gettext("pl", "Unheard of") == "Unheard of"
    assert catalogues.gettext("fr", "Upload") == "Upload"


@pytest.mark.parametrize(("number", "form"), [(1, "film"), (3, "filmy"), (5, "filmów"), (22, "filmy")])
def test_numbers_take_the_plural_of_the_language(polish: Path, number: int, form: str) -> None:
    text = Catalogues([polish]).ngettext("pl", "%(num)s film", "%(num)s films", number)
    assert text == f"%(num)s {form}"


def test_islands_get_only_their_own_texts(polish: Path) -> None:
    assert island_strings(polish) == {"pl": {"Pause": "Pauza"}}


def test_the_texts_of_templates_code_and_islands_are_collected() -> None:
    template = collect(next(package for package in packages() if package.name == "ui"))
    files = {file for message in template for file, _ in message.locations}
    assert "templates/refusal.html" in files
    assert "ts/uploader/row.ts" in files
    assert template.get("Please check one field")


def test_a_translation_keeps_what_is_done_and_learns_what_is_new(tmp_path: Path) -> None:
    template = collect(next(package for package in packages() if package.name == "ui"))
    path = tmp_path / "locale" / "de.po"
    assert update(path, template, "de") == len(template)
    path.write_text(path.read_text().replace('msgid "Sign in"\nmsgstr ""', 'msgid "Sign in"\nmsgstr "Anmelden"'))
    assert update(path, template, "de") == len(template) - 1
    assert Catalogues([tmp_path]).gettext("de", "Sign in") == "Anmelden"
