"""Conversations in the order in which people look for them, and rules for answers as people write them."""

from datetime import UTC, datetime, timedelta

import pytest

from octavo.kernel.ids import new_id
from octavo.kernel.refusals import Invalid
from octavo.products.comms.carrier.simulated.rows import Handset, Line, Reply
from octavo.products.comms.phone import rules

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)


def a_line(peer: str, minute: int) -> Line:
    return Line(new_id(), peer, False, f"{peer} at {minute}", [], NOON + timedelta(minutes=minute))


def test_the_conversation_with_the_latest_message_comes_first() -> None:
    threads = rules.threads([a_line("a", 1), a_line("b", 2), a_line("a", 3)])
    assert [(one.peer, len(one.lines), one.latest.body) for one in threads] == [("a", 2, "a at 3"), ("b", 1, "b at 2")]


def test_every_number_written_to_has_a_phone_and_our_own_have_none() -> None:
    told = [Handset(account_id=new_id(), number="+1", name="Ada", online=False)]
    phones = rules.phones(told, ["+2", "+1", "+3"], own=["+3"])
    assert [(one.number, one.name, one.online) for one in phones] == [("+1", "Ada", False), ("+2", "", True)]


def test_answers_are_written_as_they_are_read() -> None:
    text = "yes please -> Great\n* -> What -> ever"
    read = rules.read_replies(f"\n{text}\n")
    assert read == [Reply("yes please", "Great"), Reply("", "What -> ever")]
    assert rules.written_replies(read) == text


@pytest.mark.parametrize("text", ["yes", "yes ->", "-> no", "a -> b\nc", "a -> " + "x" * 1601, "a -> b\n" * 51])
def test_what_is_no_rule_is_named(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        rules.read_replies(text)
    assert list(refused.value.fields) == ["replies"]
