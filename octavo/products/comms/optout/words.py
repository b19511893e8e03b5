"""The words by which people stop and start messages (the vendor's defaults, in English)."""

from typing import Literal

STOP = frozenset({"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"})
START = frozenset({"start", "yes", "unstop"})
HELP = frozenset({"help", "info"})

Wish = Literal["STOP", "START", "HELP"]


def wish_of(body: str) -> Wish | None:
    """What a text asks for, if it is nothing but one of the words."""
    word = body.strip().strip(".!").casefold()
    if word in STOP:
        return "STOP"
    if word in START:
        return "START"
    return "HELP" if word in HELP else None


ANSWERS: dict[Wish, str] = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this number. "
    "Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}
