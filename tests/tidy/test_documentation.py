"""What has a name has a sentence, and the generated pages say what the code says."""

import json
import re

import pytest

from octavo import app
from octavo.cli import documents
from octavo.kernel.module import Product
from tests.tidy.house import ROOT

SECTIONS = {
    "settings": documents.settings,
    "commands": documents.commands,
    "jobs": documents.jobs,
    "schedules": documents.schedules,
    "events": documents.events,
    "consumers": documents.consumers,
    "metrics": documents.metrics,
}
CHAPTERS = (
    "What it is",
    "Important features",
    "Capacity estimation",
    "Data model",
    "High-level design",
    "Low-level design",
    "API",
    "Detailed design",
)


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
    for manifest in ("octavo/ui/package.json", "tests/wire/package.json", "bench/package.json"):
        package = json.loads((ROOT / manifest).read_text())
        named |= {*package.get("dependencies", {}), *package.get("devDependencies", {})}
    assert not named - explained


def test_every_product_has_its_page_in_the_order_of_all() -> None:
    for product in app.PRODUCTS:
        text = (ROOT / "docs" / f"{product.name}.md").read_text()
        assert [line.removeprefix("## ") for line in text.splitlines() if line.startswith("## ")][: len(CHAPTERS)] == [
            *CHAPTERS[:-1],
            f"{CHAPTERS[-1]}: the life of one request",
        ]


@pytest.mark.parametrize("product", app.PRODUCTS, ids=lambda product: product.name)
def test_the_data_model_names_every_table_and_no_other(product: Product) -> None:
    assert product.migrations is not None
    written = "\n".join(path.read_text() for path in sorted(product.migrations.glob("*.sql")))
    tables = set(re.findall(rf"^CREATE (?:UNLOGGED )?TABLE {product.name}\.(\w+)", written, re.MULTILINE))
    page = (ROOT / "docs" / f"{product.name}.md").read_text()
    model = page.partition("\n## Data model\n")[2].partition("\n## ")[0]
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in model.splitlines() if line.startswith("|")]
    place = next(place for place, name in enumerate(rows[0]) if name in ("table", "tables"))
    named = {name for row in rows[1:] for name in re.findall(rf"`(?:{product.name}\.)?(\w+)`", row[place])}
    assert named == tables


def test_the_readme_tells_the_state_of_every_product() -> None:
    """What is built links to its page; nothing planned pretends to be more."""
    readme = (ROOT / "README.md").read_text()
    rows = re.findall(r"^\| \**(\w+)\** \| [^|]+ \| ([^|]+) \|$", readme, re.MULTILINE)
    states = {name: state for name, state in rows if name != "product"}
    built = {product.name for product in app.PRODUCTS}
    assert len(states) == 8
    assert {name for name, state in states.items() if f"docs/{name}.md" in state} == built
    assert {state for name, state in states.items() if name not in built} == {"planned"}


def test_links_between_our_pages_lead_somewhere() -> None:
    broken = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
        for target in re.findall(r"\]\(([^)#:\s]+)\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert not broken
