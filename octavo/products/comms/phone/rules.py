"""Sorting messages into conversations, and rules for answers as people write them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from octavo.kernel.refusals import Invalid, NotFound
from octavo.products.comms.carrier.simulated.rows import Handset, Line, Reply
from octavo.products.comms.phone.rows import Phone, Thread

ARROW = "->"
ANY = "*"
MOST_RULES = 50
LONGEST_ANSWER = 1600


class NoPhone(NotFound):
    """A number that is none, or that belongs to the account itself and so has no virtual handset."""

    title = "There is no such phone"

    def __init__(self) -> None:
        super().__init__("Write the number of somebody else, as +, country and number.")


def threads(lines: Iterable[Line]) -> list[Thread]:
    """The conversations, the one with the latest message first."""
    by_peer: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_peer[line.peer].append(line)
    found = [Thread(peer, some) for peer, some in by_peer.items()]
    return sorted(found, key=lambda thread: thread.latest.at, reverse=True)


def phones(told: Sequence[Handset], written_to: Iterable[str], own: Iterable[str]) -> list[Phone]:
    """Handsets that were told how to behave, and after them the numbers that were written to lately."""
    known = {one.number: Phone(one.number, one.name, one.online) for one in told}
    others = {number: Phone(number, "", online=True) for number in written_to if number not in known}
    ours = set(own)
    return [phone for number, phone in {**known, **others}.items() if number not in ours]


def read_replies(text: str) -> list[Reply]:
    """A line a rule, `words -> answer`; `*` stands for any text. Raises Invalid naming the line."""
    rules = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        words, arrow, answer = (part.strip() for part in line.partition(ARROW))
        if not arrow or not words or not answer:
            raise Invalid(fields={"replies": f"Line {number} is not written as words {ARROW} answer."})
        if len(answer) > LONGEST_ANSWER:
            raise Invalid(fields={"replies": f"The answer of line {number} has more than {LONGEST_ANSWER} letters."})
        rules.append(Reply("" if words == ANY else words, answer))
    if len(rules) > MOST_RULES:
        raise Invalid(fields={"replies": f"A handset keeps at most {MOST_RULES} rules."})
    return rules


def written_replies(rules: Iterable[Reply]) -> str:
    return "\n".join(f"{rule.words or ANY} {ARROW} {rule.reply}" for rule in rules)
