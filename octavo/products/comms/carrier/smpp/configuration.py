"""The file that names the lines to carriers: where each leads, and how its carrier wants to be spoken to."""

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from octavo.products.comms.carrier.smpp.parts import Joining
from octavo.products.comms.carrier.smpp.receipts import IdForm
from octavo.settings import Settings

Positive = Annotated[float, Meta(gt=0)]


class LineSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line. Everything but `host` and `system_id` has the value that most carriers want."""

    host: str
    system_id: str
    port: Annotated[int, Meta(ge=1, le=65535)] = 2775
    # The password itself, or the environment variable or file that holds it.
    password: str = ""
    password_env: str = ""
    password_file: str = ""
    system_type: str = ""
    service_type: str = ""
    bind: Literal["transceiver", "separate"] = "transceiver"  # separate: a transmitter and a receiver
    tls: bool = False
    tls_ca: str = ""  # a file of certificates, where the carrier's is signed by none that the system knows
    window: Annotated[int, Meta(ge=1)] = 50  # most submit_sm that may wait for their answers
    rate: Annotated[float, Meta(ge=0)] = 0  # most submit_sm in a second; 0: as many as the window lets through
    # Type and plan of our number (5.2.5, 5.2.6); without them, what the number looks like decides.
    source_ton: Annotated[int, Meta(ge=0, le=255)] | None = None
    source_npi: Annotated[int, Meta(ge=0, le=255)] | None = None
    address_range: str = ""
    alphabet: Literal["gsm", "latin-1", "ascii"] = "gsm"  # what data_coding 0 means to the carrier
    joining: Joining = "udh8"  # how the parts of long messages are marked
    answer_ids: IdForm = "text"  # how answers spell ids, and how receipts do
    receipt_ids: IdForm = "text"
    references: bool = True  # mark messages with user_message_reference, which receipts may repeat
    prefixes: tuple[str, ...] = ("",)  # which numbers it reaches; the longest that fits wins
    enquire_seconds: Positive = 30.0
    answer_seconds: Positive = 10.0
    longest_wait: Positive = 60.0  # between two attempts to connect
    # What happens to a message of which nobody knows whether it was taken; without it, what `comms.doubtful` says.
    doubt: Literal["fail", "resend"] | None = None
    doubt_seconds: Annotated[float, Meta(ge=0)] = 60.0  # how long a receipt may take to say that it was
    query_seconds: Annotated[float, Meta(ge=0)] = (
        900.0  # when query_sm asks after a message without a receipt; 0: never
    )


class SmppFile(Struct, frozen=True, forbid_unknown_fields=True):
    lines: dict[str, LineSettings]


class SmppFileInvalid(Exception):
    """The SMPP lines in {path} cannot be used: {why}"""

    def __init__(self, path: Path, why: object) -> None:
        super().__init__(f"The SMPP lines in {path} cannot be used: {why}")


def configured_lines(settings: Settings) -> Mapping[str, LineSettings]:
    """The lines by name; none without the setting `comms.smpp_lines`. Raises SmppFileInvalid."""
    return _read(Path(settings.comms.smpp_lines)) if settings.comms.smpp_lines else {}


@cache
def _read(path: Path) -> Mapping[str, LineSettings]:
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=SmppFile).lines
    except (OSError, msgspec.DecodeError) as error:
        raise SmppFileInvalid(path, error) from error


def password_of(line: LineSettings) -> str:
    """Read anew at every bind, so that a changed password needs no restart. Raises OSError or KeyError."""
    if line.password_file:
        return Path(line.password_file).read_text().strip()
    return os.environ[line.password_env] if line.password_env else line.password
