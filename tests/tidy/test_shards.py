"""Each table says by which column it is spread over machines, and each statement names that column or says why not.

A statement that inserts names it among its columns, because it begins the primary key.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from sqlglot import exp

from tests.tidy.house import ROOT, Source, sources
from tests.tidy.test_sql import migrations, primary_key, tables

# A table that one machine owns by nature says why in the comment above it.
LOCAL = re.compile(r"--.*\blocal: \S")
# A narrow table that makes a value unique over all shards, spread by that value.
DIRECTORY = re.compile(r"--.*\bdirectory\b", re.IGNORECASE)
STATEMENT = re.compile(r"\s*(--[^\n]*\n\s*)*(/\*.*?\*/\s*)?(WITH|SELECT|INSERT|UPDATE|DELETE)\b", re.DOTALL)
UNIQUE_INDEX = re.compile(r"CREATE UNIQUE INDEX (\w+) ON ([\w.]+) \((\w+)")


@dataclass(frozen=True)
class Table:
    place: str
    name: str
    column: str  # the distribution column: the first of the primary key
    kind: str  # of that column, as the migration writes it
    remark: str  # the comment above it
    references: tuple[str, ...]  # the first column of each of its foreign keys

    @property
    def is_local(self) -> bool:
        return bool(LOCAL.search(self.remark))


def all_tables() -> dict[str, Table]:
    return {
        name: Table(
            place=path.relative_to(ROOT).as_posix(),
            name=name,
            column=(column := primary_key(statement)[0]),
            kind=kind_of(statement, column),
            remark=remark_above(text, name),
            references=tuple(key.expressions[0].name for key in statement.find_all(exp.ForeignKey)),
        )
        for path in migrations()
        for quoted, statement, text in tables(path)
        if (name := quoted.replace('"', ""))
    }


def kind_of(statement: exp.Create, column: str) -> str:
    [found] = [one for one in statement.find_all(exp.ColumnDef) if one.name == column]
    required = any(isinstance(one.kind, exp.NotNullColumnConstraint) for one in found.constraints)
    return f"{found.args['kind'].sql().lower()}{' not null' if required else ''}"


def remark_above(text: str, name: str) -> str:
    found = re.search(rf"((?:--[^\n]*\n)*)CREATE (?:UNLOGGED )?TABLE {re.escape(name)}\b", text)
    return found[1] if found else ""


def test_large_tables_are_spread_by_a_uuid_and_others_say_what_they_are() -> None:
    wrong = [
        f"{table.place}: {table.name} is spread by {table.column} {table.kind}"
        for table in all_tables().values()
        if table.kind != "uuid not null" and not table.is_local and not DIRECTORY.search(table.remark)
    ]
    assert not wrong


def test_foreign_keys_and_unique_indexes_begin_with_the_distribution_column() -> None:
    known = all_tables()
    wrong = [
        f"{table.place}: a foreign key of {table.name} begins with {column}"
        for table in known.values()
        for column in table.references
        if column != table.column
    ]
    wrong += [
        f"{path.relative_to(ROOT)}: {index} begins with {column}"
        for path in migrations()
        for index, name, column in UNIQUE_INDEX.findall(path.read_text())
        if column != known[name].column
    ]
    assert not wrong


def test_statements_name_the_shard_or_say_why_they_ask_all() -> None:
    spread = [table for table in all_tables().values() if not table.is_local]
    wrong = [
        f"{source.name}:{line} asks {table.name} without {table.column}: say /* fanout */, and why"
        for source in sources()
        for line, sql in statements(source)
        for table in spread
        if asks(sql, table) and "fanout" not in sql and not names_shard(sql, table)
    ]
    assert not wrong


def test_statements_ask_only_the_tables_of_their_own_package() -> None:
    known = all_tables().values()
    trespass = [
        f"{source.name}:{line} asks {table.name}"
        for source in sources()
        for line, sql in statements(source)
        for table in known
        if asks(sql, table, "FROM|JOIN|UPDATE|INTO") and table.name.split(".")[0] not in source.module.split(".")
    ]
    assert not trespass


def asks(sql: str, table: Table, by: str = "FROM|JOIN|UPDATE") -> bool:
    return bool(re.search(rf"\b({by})\s+{re.escape(table.name)}\b", sql))


def names_shard(sql: str, table: Table) -> bool:
    conditions = " ".join(re.split(r"\b(?:WHERE|ON|USING)\b", sql)[1:])
    return bool(re.search(rf"\b{table.column}\b", conditions))


def statements(source: Source) -> Iterator[tuple[int, str]]:
    """Every SQL statement of a file; a text that others begin with is read as a part of them."""
    named = {
        target.id: node.value.value
        for node in source.tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    composed = [node for node in ast.walk(source.tree) if isinstance(node, ast.JoinedStr)]
    inside = {id(part) for node in composed for part in node.values}
    beginnings = {named[name] for node in composed for name in names_in(node) if name in named}
    for node in ast.walk(source.tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(piece(part, named) for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            text = "" if node.value in beginnings else node.value
        else:
            continue
        if STATEMENT.match(text):
            yield node.lineno, text


def names_in(node: ast.JoinedStr) -> Iterator[str]:
    for part in node.values:
        if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name):
            yield part.value.id


def piece(part: ast.expr, named: dict[str, str]) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    assert isinstance(part, ast.FormattedValue)
    return named.get(ast.unparse(part.value), "...")
