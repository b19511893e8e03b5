"""What a scenario file may hold. The names are those of the file."""

from typing import Annotated

import msgspec
from msgspec import Meta, Struct

Seconds = Annotated[float, Meta(ge=0, le=31_536_000)]
Text = Annotated[str, Meta(max_length=1600)]
# YAML reads an unquoted +14155550111 as a whole number.
Number = Annotated[str, Meta(max_length=40)] | int


class Answer(Struct, frozen=True, forbid_unknown_fields=True):
    """`to` names the words that call for the answer; without it every message does."""

    say: Text
    to: Text = ""
    after: Seconds = 0.0


class Phone(Struct, frozen=True, forbid_unknown_fields=True):
    """One virtual handset. `delay` is one time, or the shortest and the longest."""

    number: Number
    name: Annotated[str, Meta(max_length=64)] = ""
    online: bool = True
    delay: Seconds | Annotated[list[Seconds], Meta(min_length=2, max_length=2)] | None = None
    loss: Annotated[float, Meta(ge=0, le=1)] = 0.0
    fails_with: Annotated[int, Meta(ge=10_000, le=99_999)] | None = None
    replies: list[Answer] = []
    opts_out_after: Annotated[int, Meta(ge=1)] | None = None
    opts_in_after: Seconds | None = None


class Timed(Struct, frozen=True, forbid_unknown_fields=True):
    """A message that a handset sends `at` so many seconds after the start."""

    from_: Number = msgspec.field(name="from")
    to: Number
    say: Text = ""
    at: Seconds = 0.0
    media: list[Text] = []


class Scenario(Struct, frozen=True, forbid_unknown_fields=True):
    handsets: list[Phone] = []
    messages: list[Timed] = []
