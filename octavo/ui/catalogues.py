"""Translations: one catalogue per package and language, `locale/<language>.po`, with English text as the key."""

from collections.abc import Iterable
from gettext import c2py
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po


class Catalogues:
    """All packages' catalogues of all languages, read at start-up. A missing translation shows the English text."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._by_language: dict[str, list[Catalog]] = {}
        for folder in folders:
            for path in sorted((folder / "locale").glob("*.po")):
                with path.open("rb") as file:
                    self._by_language.setdefault(path.stem, []).append(read_po(file, locale=path.stem))

    def language(self, locale: str) -> str:
        """The language in which pages speak to a person of this locale; English is the source and has no catalogue."""
        for language in (locale, locale.partition("-")[0]):
            if language in self._by_language:
                return language
        return "en"

    def gettext(self, locale: str, message: str) -> str:
        for catalogue in self._of(locale):
            found = catalogue.get(message)
            if found is not None and isinstance(found.string, str) and found.string:
                return found.string
        return message

    def ngettext(self, locale: str, singular: str, plural: str, number: int) -> str:
        for catalogue in self._of(locale):
            found = catalogue.get(singular)
            if found is not None and isinstance(found.string, tuple | list) and all(found.string):
                # Babel gives the plural rule as a C expression over n; its own evaluator is the safe way to run it.
                return str(found.string[_plural_form(catalogue, number)])
        return singular if number == 1 else plural

    def _of(self, locale: str) -> list[Catalog]:
        return self._by_language.get(self.language(locale), [])


def _plural_form(catalogue: Catalog, number: int) -> int:
    return int(c2py(catalogue.plural_expr)(number))


def island_strings(octavo: Path) -> dict[str, dict[str, str]]:
    """By language, the translated texts that TypeScript uses: the build puts them beside the islands."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(octavo.glob("**/locale/*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=path.stem):
                in_islands = any(source.endswith(".ts") for source, _ in message.locations)
                if in_islands and isinstance(message.id, str) and isinstance(message.string, str) and message.string:
                    found.setdefault(path.stem, {})[message.id] = message.string
    return found
