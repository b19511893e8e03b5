"""The estimate gives the sums that were checked by hand, and the sample stores what fits."""

import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from octavo.cli import application
from octavo.products.comms.capacity import rules
from octavo.products.comms.capacity.reading import size_of, sizes
from octavo.products.comms.capacity.rows import Inputs, Measured


def value_of(inputs: Inputs, name: str) -> float:
    return next(step.value for step in rules.estimate(inputs) if step.name == name)


def run(*words: str) -> str:
    result = CliRunner().invoke(application, ["capacity", "comms", *words])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_checked_sums_come_out() -> None:
    ten_kilobytes = Inputs(message_bytes=10_000)
    assert value_of(ten_kilobytes, "accepted") == pytest.approx(1157.4, abs=0.1)
    assert value_of(ten_kilobytes, "read") == pytest.approx(115_741, abs=1)
    assert value_of(ten_kilobytes, "stored in a day") == pytest.approx(1.0)
    assert value_of(ten_kilobytes, "stored") == pytest.approx(1095)
    assert value_of(ten_kilobytes, "egress in a day") == pytest.approx(100)
    assert value_of(Inputs(), "stored") == pytest.approx(109.5)


def test_nodes_are_told_for_what_was_measured() -> None:
    steps = rules.estimate(Inputs())
    measured = [Measured("smpp", "submit_sm with receipts correlated", 1185.0)]
    [binds] = rules.nodes(steps, measured)
    assert (binds.name, binds.value) == ("SMPP binds", 4)  # 1,157.4 x 3 x 1.3 / 1,185 = 3.81
    assert rules.missing_benches(measured) == ["accept", "through", "callbacks"]


def test_prices_give_a_sum_for_a_month() -> None:
    inputs = Inputs(terabyte_price=Decimal(20), egress_terabyte_price=Decimal(5))
    costs = {step.name: step.value for step in rules.cost(inputs, rules.estimate(inputs), [])}
    assert costs == {"storage, a month": pytest.approx(4380), "egress, a month": pytest.approx(1500)}


@given(st.integers(0, 50_000), st.lists(st.integers(1, 5000), max_size=100))
def test_the_sample_never_stores_more_than_fits(room: int, some: list[int]) -> None:
    found = rules.fill(room, some)
    assert found.remaining == room - sum(some[: found.stored]) >= 0
    assert found.stored == len(some) or some[found.stored] > found.remaining


def test_sizes_are_the_same_for_the_same_seed() -> None:
    assert sizes(1000, 1000, "a") == sizes(1000, 1000, "a") != sizes(1000, 1000, "b")
    assert sum(sizes(10_000, 1000, "a")) / 10_000 == pytest.approx(1000, rel=0.1)


@pytest.mark.parametrize(("text", "size"), [("100TB", 10**14), ("1.5 kb", 1500), ("7", 7)])
def test_sizes_have_units(text: str, size: int) -> None:
    assert size_of(text) == size


def test_the_command_prints_every_step(tmp_path: Path) -> None:
    told = run("--message-size", "10KB")
    assert "1,157 messages/s" in told
    assert "100,000,000 messages / 86,400 s" in told
    benches = tmp_path / "benches"
    line = {"bench": "smpp", "measures": [{"name": "submit_sm with receipts correlated", "ours": 1185.3, "ok": True}]}
    benches.write_text(f"a table of words\n{json.dumps(line)}\n")
    steps = json.loads(run("--json", "--bench", str(benches)))
    assert steps[-1]["name"] == "SMPP binds"


def test_the_command_simulates_storage() -> None:
    assert run("--simulate", "--messages", "100", "--storage", "1MB").startswith("Stored 100 of 100 messages; ")
    full = json.loads(run("--simulate", "--messages", "1000", "--storage", "10KB", "--json"))
    assert full["stored"] < full["asked"] == 1000


def test_what_is_no_size_is_told() -> None:
    for words, told in ((["--message-size", "much"], "no size"), (["--node-price", "-1"], "no price")):
        result = CliRunner().invoke(application, ["capacity", "comms", *words])
        assert (result.exit_code, told in result.output) == (2, True)
