"""Rules decide from what they are given, and money is never a float."""

import ast
import re

from tests.tidy.house import Source, sources

IMPURE = re.compile(
    r"^(time|random|secrets|os|asyncio|httpx|asyncpg|pathlib|subprocess|octavo\.kernel\.(clock|db|jobs|events|blobs))\b"
)
MONEY = re.compile(r"(^|_)(amount|price|balance|fee|cost|cents|money|charge|payout)(_|$)")


def test_rules_touch_neither_clock_nor_chance_nor_the_outside() -> None:
    impure = [
        f"{source.name} imports {name}"
        for source in sources()
        if source.path.name == "rules.py"
        for name in source.imports()
        if IMPURE.match(name)
    ]
    assert not impure


def test_only_the_clock_asks_for_the_time_of_day() -> None:
    asks = [
        f"{source.name}:{node.lineno}"
        for source in sources()
        if source.module != "octavo.kernel.clock"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"datetime.now", "datetime.utcnow", "date.today"}
    ]
    assert not asks


def test_money_is_never_a_float() -> None:
    floats = [found for source in sources() for found in float_money(source)]
    assert not floats


def float_money(source: Source) -> list[str]:
    return [
        f"{source.name}:{node.lineno}"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.AnnAssign | ast.arg)
        and node.annotation is not None
        and re.search(r"\bfloat\b", ast.unparse(node.annotation))
        and MONEY.search(node.arg if isinstance(node, ast.arg) else ast.unparse(node.target))
    ]
