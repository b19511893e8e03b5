"""What handsets do is decided by what they were told and by the seed, the same in every run."""

from datetime import UTC, datetime, timedelta

import pytest

from octavo.kernel.ids import new_id
from octavo.products.comms.carrier.simulated import rules
from octavo.products.comms.carrier.simulated.rows import Handset, Reply

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
HANDSET = Handset(account_id=new_id(), number="+14155550111")


def like(**others: object) -> Handset:
    return Handset(account_id=HANDSET.account_id, number=HANDSET.number, **others)  # type: ignore[arg-type]


def test_an_untold_handset_gets_everything_after_the_usual_delay() -> None:
    assert rules.decide(HANDSET, 1, "seed", 0.2, NOON) == ("delivered", None, NOON + timedelta(seconds=0.2))


def test_the_same_seed_gives_the_same_run_and_another_seed_another() -> None:
    handset = like(loss=0.3, delay_min=1.0, delay_max=3.0)
    runs = [[rules.decide(handset, turn, seed, 0.2, NOON) for turn in range(300)] for seed in ("a", "a", "b")]
    assert runs[0] == runs[1] != runs[2]
    assert 60 < sum(one.fate == "lost" for one in runs[0]) < 120
    delays = [(one.report_at - NOON).total_seconds() for one in runs[0] if one.report_at]
    assert all(1 <= delay <= 3 for delay in delays)
    assert max(delays) - min(delays) > 1.5


def test_a_handset_that_fails_says_why() -> None:
    decision = rules.decide(like(error_code=30003), 1, "seed", 0.2, NOON)
    assert (decision.fate, decision.error_code) == ("undelivered", 30003)


def test_a_handset_off_the_air_lets_its_messages_wait() -> None:
    assert rules.decide(like(online=False), 1, "seed", 0.2, NOON) == ("waiting", None, None)


@pytest.mark.parametrize(
    ("body", "answer"),
    [("Stop it, please", "off"), ("STOP", "off"), ("the stopping", "what"), ("Is a stop.over near?", "off")],
)
def test_rules_look_for_whole_words_in_any_case_and_the_first_that_fits_wins(body: str, answer: str) -> None:
    handset = like(replies=[Reply("stop", "off"), Reply("", "what")])
    found = rules.reply_to(handset, body)
    assert found is not None
    assert found.reply == answer


def test_a_handset_without_a_fitting_rule_says_nothing() -> None:
    assert rules.reply_to(like(replies=[Reply("price", "9")]), "Hello") is None


def test_a_handset_has_enough_after_so_many_messages() -> None:
    assert [rules.opts_out(like(opt_out_after=3), heard) for heard in range(6)] == [False, False, True] * 2
    assert not rules.opts_out(HANDSET, 0)
