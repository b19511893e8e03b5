"""The bodies of the commands: what stands between the header and the end (SMPP 3.4, chapter 4)."""

import struct
from collections.abc import Mapping

from msgspec import Struct

from octavo.products.comms.carrier.smpp.codes import Status, Tag
from octavo.products.comms.carrier.smpp.pdu import Malformed

VERSION = 0x34
LONGEST_SHORT_MESSAGE = 254  # octets (5.2.22); more goes into message_payload


class Address(Struct, frozen=True):
    """A number with its type and its numbering plan (5.2.5, 5.2.6)."""

    digits: str
    ton: int = 0
    npi: int = 0


class Bind(Struct, frozen=True):
    """bind_transmitter, bind_receiver and bind_transceiver (4.1)."""

    system_id: str
    password: str
    system_type: str = ""
    version: int = VERSION
    addr_ton: int = 0
    addr_npi: int = 0
    address_range: str = ""

    def encoded(self) -> bytes:
        numbers = bytes((self.version, self.addr_ton, self.addr_npi))
        return _c(self.system_id) + _c(self.password) + _c(self.system_type) + numbers + _c(self.address_range)


class ShortMessage(Struct, frozen=True, kw_only=True):
    """submit_sm (4.4.1) and deliver_sm (4.6.1), which have the same fields. `text` may have come in message_payload."""

    source: Address
    destination: Address
    text: bytes
    data_coding: int = 0
    esm_class: int = 0
    service_type: str = ""
    protocol_id: int = 0
    priority: int = 0
    schedule: str = ""
    validity: str = ""
    registered_delivery: int = 0
    replace: int = 0
    options: Mapping[int, bytes] = {}

    def encoded(self) -> bytes:
        options = dict(self.options)
        text = self.text
        if len(text) > LONGEST_SHORT_MESSAGE:
            options[Tag.MESSAGE_PAYLOAD], text = text, b""
        return b"".join(
            (
                _c(self.service_type),
                _address(self.source),
                _address(self.destination),
                bytes((self.esm_class, self.protocol_id, self.priority)),
                _c(self.schedule),
                _c(self.validity),
                bytes((self.registered_delivery, self.replace, self.data_coding, 0, len(text))),
                text,
                encoded_options(options),
            )
        )


class Query(Struct, frozen=True):
    """query_sm (4.8.1)."""

    message_id: str
    source: Address

    def encoded(self) -> bytes:
        return _c(self.message_id) + _address(self.source)


class Queried(Struct, frozen=True):
    """query_sm_resp (4.8.2)."""

    message_id: str
    final_date: str
    state: int
    error: int

    def encoded(self) -> bytes:
        return _c(self.message_id) + _c(self.final_date) + bytes((self.state, self.error))


def read_bind(body: bytes) -> Bind:
    read = _Reader(body)
    system_id, password, system_type = read.c(), read.c(), read.c()
    version, ton, npi = read.numbers(3)
    return Bind(system_id, password, system_type, version, ton, npi, read.c())


def read_short_message(body: bytes) -> ShortMessage:
    """Raises Malformed."""
    read = _Reader(body)
    service_type, source, destination = read.c(), read.address(), read.address()
    esm_class, protocol_id, priority = read.numbers(3)
    schedule, validity = read.c(), read.c()
    registered, replace, data_coding, _, length = read.numbers(5)
    text = read.octets(length)
    options = read.options()
    return ShortMessage(
        source=source,
        destination=destination,
        text=text or options.get(Tag.MESSAGE_PAYLOAD, b""),
        data_coding=data_coding,
        esm_class=esm_class,
        service_type=service_type,
        protocol_id=protocol_id,
        priority=priority,
        schedule=schedule,
        validity=validity,
        registered_delivery=registered,
        replace=replace,
        options=options,
    )


def read_data_sm(body: bytes) -> ShortMessage:
    """data_sm (4.7.1), as carriers that speak it deliver by. Raises Malformed."""
    read = _Reader(body)
    service_type, source, destination = read.c(), read.address(), read.address()
    esm_class, registered, data_coding = read.numbers(3)
    options = read.options()
    return ShortMessage(
        source=source,
        destination=destination,
        text=options.get(Tag.MESSAGE_PAYLOAD, b""),
        data_coding=data_coding,
        esm_class=esm_class,
        service_type=service_type,
        registered_delivery=registered,
        options=options,
    )


def read_query(body: bytes) -> Query:
    read = _Reader(body)
    return Query(read.c(), read.address())


def read_queried(body: bytes) -> Queried:
    read = _Reader(body)
    message_id, final_date = read.c(), read.c()
    state, error = read.numbers(2)
    return Queried(message_id, final_date, state, error)


def read_text(body: bytes) -> str:
    """The one C-octet string of a submit_sm_resp or bind_resp; some leave it out where there is nothing to say."""
    return _Reader(body).c() if body else ""


def encoded_text(text: str) -> bytes:
    return _c(text)


def encoded_options(options: Mapping[int, bytes]) -> bytes:
    return b"".join(struct.pack("!HH", tag, len(value)) + value for tag, value in options.items())


def _c(text: str) -> bytes:
    # The specification has ASCII here; Latin-1 keeps what carriers send beside it.
    return text.encode("latin-1", "replace").replace(b"\0", b"") + b"\0"


def _address(address: Address) -> bytes:
    return bytes((address.ton, address.npi)) + _c(address.digits)


class _Reader:
    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    def c(self) -> str:
        end = self._body.find(b"\0", self._at)
        if end < 0:
            raise Malformed(Status.RINVCMDLEN, "A text does not end.")
        text = self._body[self._at : end].decode("latin-1")
        self._at = end + 1
        return text

    def numbers(self, count: int) -> bytes:
        return self.octets(count, Status.RINVCMDLEN)

    def octets(self, count: int, status: int = Status.RINVMSGLEN) -> bytes:
        found = self._body[self._at : self._at + count]
        if len(found) < count:
            raise Malformed(status, f"{count} octets were announced, and {len(found)} came.")
        self._at += count
        return found

    def address(self) -> Address:
        ton, npi = self.numbers(2)
        return Address(self.c(), ton, npi)

    def options(self) -> dict[int, bytes]:
        """Unknown ones are kept, and the first of each tag counts (3.2.4.1 wants no duplicates)."""
        found: dict[int, bytes] = {}
        while self._at < len(self._body):
            tag, length = struct.unpack("!HH", self.octets(4, Status.RINVPARLEN))
            found.setdefault(tag, self.octets(length, Status.RINVPARLEN))
        return found
