"""Scenarios are read whole or not at all, and every mistake is named by its place."""

import pytest

from octavo.products.comms.carrier.scenario.reading import ScenarioFaulty, read_scenario
from octavo.products.comms.carrier.scenario.rows import Answer, Phone, Timed

WHOLE = """
handsets:
  - number: +14155550111
    name: Ada
    delay: [0.1, 0.5]
    loss: 0.1
    replies:
      - {to: "yes", say: Great, after: 2}
    opts_out_after: 3
    opts_in_after: 10
  - number: "+44 20 7946 0958"
    fails_with: 30003
messages:
  - {from: +14155550111, to: "+14155550100", say: Anybody there, at: 1.5}
"""


def test_a_scenario_is_read_as_it_is_meant() -> None:
    scenario = read_scenario(WHOLE)
    ada, other = scenario.handsets
    assert ada == Phone(
        "+14155550111",
        "Ada",
        delay=[0.1, 0.5],
        loss=0.1,
        replies=[Answer("Great", "yes", 2.0)],
        opts_out_after=3,
        opts_in_after=10.0,
    )
    assert (other.number, other.fails_with) == ("+442079460958", 30003)
    assert scenario.messages == [Timed("+14155550111", "+14155550100", "Anybody there", 1.5)]


def test_an_empty_section_is_none() -> None:
    assert read_scenario("handsets:\n").handsets == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("handsets: [{number: 12}]", "handsets[0].number"),
        ("handsets: [{name: Ada}]", "handsets[0]"),
        ("handsets: [{number: +14155550111, colour: red}]", "handsets[0]"),
        ("handsets: [{number: +14155550111, loss: 2}]", "handsets[0].loss"),
        ("handsets: [{number: +14155550111, delay: [2, 1]}]", "handsets[0].delay"),
        ("handsets: [{number: +14155550111}, {number: '+1 415 555 0111'}]", "handsets[1].number"),
        ("handsets: [{number: +14155550111, opts_in_after: 1}]", "handsets[0].opts_in_after"),
        ("handsets: {number: 1}", "handsets"),
        ("phones: []", "phones"),
        ("messages: [{from: +14155550111, to: nobody, say: Hi}]", "messages[0].to"),
        ("messages: [{from: +14155550111, to: +14155550100}]", "messages[0].say"),
        ("messages: [{from: +14155550111, to: +14155550100, say: Hi, at: -1}]", "messages[0].at"),
    ],
)
def test_a_mistake_is_named_by_its_place(text: str, place: str) -> None:
    with pytest.raises(ScenarioFaulty) as faulty:
        read_scenario(text)
    assert list(faulty.value.fields) == [place]


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(ScenarioFaulty) as faulty:
        read_scenario("handsets: [{number: 12}, {number: +14155550111, loss: 9}]\nmessages: [5]")
    assert set(faulty.value.fields) == {"handsets[0].number", "handsets[1].loss", "messages[0]"}


@pytest.mark.parametrize("text", ["", "- a", "{", "just words", "!!python/object:os.system {}"])
def test_what_is_no_scenario_is_refused(text: str) -> None:
    with pytest.raises(ScenarioFaulty):
        read_scenario(text)
