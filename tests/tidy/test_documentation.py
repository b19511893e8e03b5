"""What has a name has a sentence, and the generated pages say what the code says."""

import json
import re

import pytest

from octavo.cli import documents
from tests.tidy.house import ROOT

SECTIONS = {
    "settings": documents.settings,
    "commands": documents.commands,
    "jobs": documents.jobs,
    "events": documents.events,
    "metrics": documents.metrics,
}


@pytest.mark.parametrize("section", SECTIONS)
def test_everything_with_a_name_has_a_sentence(section: str) -> None:
    rows = list(SECTIONS[section]())
    assert rows
    assert not [row[0] for row in rows if not all(cell.strip() for cell in row)]


@pytest.mark.parametrize("page", ["docs/MAP.md", "docs/reference.md"])
def test_generated_pages_are_fresh(page: str) -> None:
    assert (ROOT / page).read_text() == documents.pages()[page], "run: python -m octavo.cli.documents"


def test_every_dependency_is_explained() -> None:
    explained = set(re.findall(r"^\| ([\w@/.\-]+) \|", (ROOT / "docs" / "dependencies.md").read_text(), re.MULTILINE))
    named = {
        re.split(r"[<>=\[;\s]", line)[0]
        for lock in ("run", "dev", "bootstrap")
        for line in (ROOT / "requirements" / f"{lock}.in").read_text().splitlines()
        if line and not line.startswith(("-", "#"))
    }
    for manifest in ("octavo/ui/package.json", "tests/wire/package.json"):
        package = json.loads((ROOT / manifest).read_text())
        named |= {*package.get("dependencies", {}), *package.get("devDependencies", {})}
    assert not named - explained


def test_links_between_our_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
        for target in re.findall(r"\]\(([^)#:\s]+)\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert not broken
