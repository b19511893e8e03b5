"""What is kept about people is declared, so that export and erasure can walk the declarations and miss nothing."""

import re

from sqlglot import exp

from octavo import app
from octavo.kernel.module import PersonalData
from tests.tidy.test_sql import migrations, tables

# Columns whose value says which person a row is about.
PEOPLE = re.compile(r"^((user|owner|person|author|viewer|profile)_id|pseudonym)$")
DECLARED = [(module.name, declared) for module in app.MODULES for declared in module.personal_data]


ADDED = re.compile(r"^ALTER TABLE ([\w.]+) ADD COLUMN (\w+)", re.MULTILINE)


def columns() -> dict[str, list[str]]:
    """The columns of every table, those that a later migration has added included."""
    found = {
        name.replace('"', ""): [column.name for column in statement.find_all(exp.ColumnDef)]
        for path in migrations()
        for name, statement, _ in tables(path)
    }
    for path in migrations():
        for table, column in ADDED.findall(path.read_text()):
            found[table].append(column)
    return found


def test_every_table_about_people_is_declared() -> None:
    declared = {found.table for _, found in DECLARED}
    about_people = {table for table, names in columns().items() if any(PEOPLE.match(name) for name in names)}
    assert not about_people - declared


def test_every_declaration_fits_a_table_of_its_package() -> None:
    known = columns()
    wrong = [
        f"{package} declares {found.table} by {found.person}"
        for package, found in DECLARED
        if found.person not in known.get(found.table, []) or found.table.split(".")[0] != package
    ]
    assert not wrong


def test_every_declaration_says_why_and_what_erasure_does() -> None:
    def is_silent(found: PersonalData) -> bool:
        return not found.purpose.strip() or not found.erase.strip()

    assert not [found.table for _, found in DECLARED if is_silent(found)]
