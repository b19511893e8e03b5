"""Reading a scenario: from YAML to handsets and messages, with every mistake named by its place in the file."""

from typing import Any, NamedTuple, TypeVar

import msgspec
import yaml

from octavo.kernel.refusals import Invalid
from octavo.products.comms.carrier.scenario.rows import Phone, Scenario, Timed
from octavo.products.comms.number.rules import parse_e164

T = TypeVar("T")
MOST_BYTES = 1_000_000
SECTIONS = ("handsets", "messages")


class ScenarioFaulty(Invalid):
    """A scenario that cannot be played; `fields` names each mistake by its place, like `handsets[2].number`."""

    title = "The scenario has mistakes, and nothing of it was played"


class _Read(NamedTuple):
    phones: list[Phone]
    timed: list[Timed]
    faults: dict[str, str]


def read_scenario(text: str) -> Scenario:
    """Numbers come out as E.164. Raises ScenarioFaulty with all mistakes at once."""
    content = _parsed(text)
    read = _Read([], [], {f"{name}": "There is no such section." for name in content if name not in SECTIONS})
    read.phones.extend(_items(content, "handsets", Phone, read.faults))
    read.timed.extend(_items(content, "messages", Timed, read.faults))
    scenario = Scenario(
        [_with_number(one, f"handsets[{at}]", read.faults) for at, one in enumerate(read.phones)],
        [_with_ends(one, f"messages[{at}]", read.faults) for at, one in enumerate(read.timed)],
    )
    _check_sense(scenario, read.faults)
    if read.faults:
        raise ScenarioFaulty(fields=read.faults)
    return scenario


def _parsed(text: str) -> dict[str, Any]:
    if len(text.encode()) > MOST_BYTES:
        raise ScenarioFaulty(f"A scenario has at most {MOST_BYTES:,} bytes.")
    try:
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ScenarioFaulty(f"This is not YAML: {error}") from None
    if not isinstance(content, dict):
        raise ScenarioFaulty(f"A scenario has the sections {' and '.join(SECTIONS)}; this has none.")
    return content


def _items(content: dict[str, Any], section: str, kind: type[T], faults: dict[str, str]) -> list[T]:
    """Those that can be read; the others leave their fault."""
    items = content.get(section) or []
    if not isinstance(items, list):
        faults[section] = "This must be a list: each item begins with a hyphen."
        return []
    read = []
    for at, item in enumerate(items):
        try:
            read.append(msgspec.convert(item, kind, strict=True))
        except msgspec.ValidationError as error:
            reason, _, place = str(error).partition(" - at `$")
            faults[f"{section}[{at}]{place.rstrip('`')}"] = reason
    return read


def _with_number(phone: Phone, place: str, faults: dict[str, str]) -> Phone:
    return msgspec.structs.replace(phone, number=_number(phone.number, f"{place}.number", faults))


def _with_ends(timed: Timed, place: str, faults: dict[str, str]) -> Timed:
    return msgspec.structs.replace(
        timed,
        from_=_number(timed.from_, f"{place}.from", faults),
        to=_number(timed.to, f"{place}.to", faults),
    )


def _number(written: str | int, place: str, faults: dict[str, str]) -> str:
    number = parse_e164(f"+{written}" if isinstance(written, int) else written)
    if number is None:
        faults[place] = f"{written} is no phone number; write it like +14155550111."
    return number or ""


def _check_sense(scenario: Scenario, faults: dict[str, str]) -> None:
    """What is well written and means nothing."""
    seen: set[str | int] = set()
    for at, phone in enumerate(scenario.handsets):
        if phone.number and phone.number in seen:
            faults[f"handsets[{at}].number"] = f"{phone.number} has a handset above already."
        seen.add(phone.number)
        if isinstance(phone.delay, list) and phone.delay[0] > phone.delay[1]:
            faults[f"handsets[{at}].delay"] = "The shortest delay comes first."
        if phone.opts_in_after is not None and phone.opts_out_after is None:
            faults[f"handsets[{at}].opts_in_after"] = "Only a handset with opts_out_after opts in again."
    for at, timed in enumerate(scenario.messages):
        if not timed.say and not timed.media:
            faults[f"messages[{at}].say"] = "A message says something, or brings media."
