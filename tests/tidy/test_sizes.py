"""Files fit in a head and functions on a screen."""

import ast
from collections.abc import Iterator

from tests.tidy.house import ROOT, Source, sources, tracked_files

LONGEST_FILE = 400
LONGEST_FUNCTION = 50
MARK = "# table-like:"  # on the line of the def, with the reason
ONE_IN = 100
CODE = {".py", ".ts", ".css", ".html", ".sql", ".mjs"}


def functions(source: Source) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_marked(source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return MARK in source.text.splitlines()[node.lineno - 1]


def test_no_file_is_longer_than_400_lines() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in tracked_files()
        if path.suffix in CODE and (lines := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert not long, "split these by noun"


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        f"{source.name}:{node.lineno} {node.name}"
        for source in (*sources(), *sources("bench"))
        for node in functions(source)
        if (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION and not is_marked(source, node)
    ]
    assert not long


def test_marked_exceptions_are_rare() -> None:
    every = [(source, node) for source in sources() for node in functions(source)]
    marked = [f"{source.name}:{node.name}" for source, node in every if is_marked(source, node)]
    assert len(marked) * ONE_IN <= len(every), marked


def test_every_module_opens_with_a_sentence() -> None:
    every = (*sources(), *sources("bench"))
    silent = [source.name for source in every if source.tree.body and not ast.get_docstring(source.tree)]
    assert not silent
