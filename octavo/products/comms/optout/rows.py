"""What people ask a sender for with a single word."""

from typing import Literal

from msgspec import Struct

Wish = Literal["STOP", "START", "HELP"]


class Words(Struct, frozen=True):
    """The words for a wish in lower case, and what whoever sends one is answered. No answer: nothing is sent."""

    wish: Wish
    words: list[str]
    answer: str


class Asked(Struct, frozen=True):
    """A wish that somebody sent, with the answer to it."""

    wish: Wish
    answer: str


class Stop(Struct, frozen=True):
    """Who stopped whom."""

    recipient: str
    sender: str
