"""Collects the texts of every package for translation: `python -m octavo.ui.translate [language]`.

Each package keeps its own: `locale/messages.pot` holds the English texts of its templates, code and islands, and
`locale/<language>.po` their translation. With a language, its catalogues are made or brought up to date.
"""

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import typer
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

OCTAVO = Path(__file__).parent.parent
METHODS = [("**/templates/**.html", "jinja2"), ("ts/**.ts", "javascript"), ("**.py", "python")]
OPTIONS = {
    "**/templates/**.html": {"trimmed": "true", "newstyle_gettext": "true"},
    "ts/**.ts": {"parse_template_string": "false"},
}
# `t` is what the islands call it.
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "t": None}
SKIPPED = ("node_modules", "dist", "migrations", "__pycache__")


def main(
    language: str = typer.Argument("", help="Such as `de`; without it only the English texts are collected."),
) -> None:
    for package in packages():
        template = collect(package)
        if not len(template):
            continue
        write(template, package / "locale" / "messages.pot")
        if language:
            path = package / "locale" / f"{language}.po"
            missing = update(path, template, language)
            typer.echo(f"{path.relative_to(OCTAVO)}: {len(template)} texts, {missing} without translation")


def packages() -> Sequence[Path]:
    """Every folder that may have texts of its own: the pages, each kernel package and each product."""
    rooms = [path for parent in ("kernel", "products") for path in sorted((OCTAVO / parent).iterdir())]
    return [OCTAVO / "ui", *(path for path in rooms if path.is_dir())]


def collect(package: Path) -> Catalog:
    """The English texts of a package, with the files they are used in."""
    catalogue = Catalog(project="Octavo", charset="utf-8", fuzzy=False)
    found = extract_from_dir(
        package, METHODS, OPTIONS, KEYWORDS, directory_filter=lambda folder: Path(folder).name not in SKIPPED
    )
    for file, _line, text, _comments, _context in found:
        # Without line numbers, so that a catalogue changes only when a text does.
        catalogue.add(text, locations=[(file, None)])  # type: ignore[list-item]
    return catalogue


def update(path: Path, template: Catalog, language: str) -> int:
    """Brings a translation in line with the texts; returns how many are still to be translated."""
    catalogue = Catalog(locale=language, project="Octavo", charset="utf-8", fuzzy=False)
    if path.exists():
        with path.open("rb") as file:
            catalogue = read_po(file, locale=language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    write(catalogue, path)
    return sum(1 for message in catalogue if message.id and not _is_translated(message))


def _is_translated(message: Message) -> bool:
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms)


def write(catalogue: Catalog, path: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    text = BytesIO()
    write_po(text, catalogue, width=120, omit_header=not catalogue.locale, sort_output=True, include_lineno=False)
    path.write_bytes(text.getvalue())


if __name__ == "__main__":
    typer.run(main)
