"""The schema stays ready to be sharded, and the statements stay ones that a sharded server answers."""

import re
from collections.abc import Iterator
from pathlib import Path

import sqlglot
from sqlglot import exp

from tests.tidy.house import OCTAVO, ROOT, sources

FORBIDDEN = {
    r"\bCREATE\s+TRIGGER\b": "no triggers: write an outbox row",
    r"\b(BIG|SMALL)?SERIAL\b|\bGENERATED\s+\w+\s+AS\s+IDENTITY\b": "ids are UUIDv7 from Python",
    r"\bCREATE\s+EXTENSION\b": "core schemas use no extension",
    r"\bNOTIFY\b|\bpg_notify\b": "only kernel.events notifies, and not from SQL files",
}


def migrations() -> Iterator[Path]:
    yield from sorted(OCTAVO.rglob("migrations/*.sql"))


def tables(path: Path) -> Iterator[tuple[str, exp.Create, str]]:
    text = path.read_text()
    for statement in sqlglot.parse(text, read="postgres"):
        if isinstance(statement, exp.Create) and statement.kind == "TABLE":
            yield statement.find(exp.Table).sql(), statement, text  # type: ignore[union-attr]


def test_there_are_migrations_to_judge() -> None:
    assert list(migrations())


def test_migrations_hold_nothing_that_a_sharded_server_refuses() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {reason}"
        for path in migrations()
        for pattern, reason in FORBIDDEN.items()
        if re.search(pattern, re.sub(r"--.*", "", path.read_text()), re.IGNORECASE)
    ]
    assert not found


def test_every_table_has_a_primary_key_that_begins_with_its_distribution_column() -> None:
    wrong = []
    for path in migrations():
        for name, statement, _ in tables(path):
            key = primary_key(statement)
            if not key:
                wrong.append(f"{path.relative_to(ROOT)}: {name} has no primary key")
                continue
            wrong += [
                f"{path.relative_to(ROOT)}: UNIQUE ({', '.join(columns)}) of {name} must begin with {key[0]}"
                for columns in uniques(statement)
                if columns[0] != key[0]
            ]
    assert not wrong


def primary_key(table: exp.Create) -> list[str]:
    for column in table.find_all(exp.ColumnDef):
        if column.find(exp.PrimaryKeyColumnConstraint):
            return [column.name]
    found = table.find(exp.PrimaryKey)
    return [identifier.name for identifier in found.find_all(exp.Identifier)] if found else []


def uniques(table: exp.Create) -> Iterator[list[str]]:
    for constraint in table.find_all(exp.UniqueColumnConstraint):
        if isinstance(constraint.this, exp.Schema):
            yield [expression.name for expression in constraint.this.expressions]
        elif column := constraint.find_ancestor(exp.ColumnDef):
            yield [column.name]


def test_foreign_keys_stay_inside_a_schema_or_point_at_the_subject() -> None:
    wrong = []
    for path in migrations():
        for name, statement, _ in tables(path):
            mine = name.split(".")[0]
            for reference in statement.find_all(exp.Reference):
                target = reference.find(exp.Table).sql()  # type: ignore[union-attr]
                if target.split(".")[0] not in {mine, "subject"}:
                    wrong.append(f"{path.relative_to(ROOT)}: {name} -> {target}")
    assert not wrong


def test_statements_page_by_key_and_take_time_and_chance_from_python() -> None:
    offset = re.compile(r"\bOFFSET\s+[$\d]", re.IGNORECASE)
    update = re.compile(
        r"\bUPDATE\b[^;\"]*\bSET\b[^;\"]*\b(now|random|clock_timestamp|gen_random_uuid)\(\)", re.IGNORECASE | re.DOTALL
    )
    wrong = []
    for source in sources():
        for pattern, reason in ((offset, "no OFFSET"), (update, "compute now() and random() in Python")):
            wrong += [f"{source.name}: {reason}: {match[0][:60]!r}" for match in pattern.finditer(source.text)]
    assert not wrong


def test_only_events_notifies_and_listens() -> None:
    others = [
        source.name
        for source in sources()
        if re.search(r"\bpg_notify\b|\badd_listener\b", source.text)
        and not source.module.startswith("octavo.kernel.events.")
    ]
    assert not others
