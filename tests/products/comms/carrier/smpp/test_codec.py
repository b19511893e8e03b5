"""The codec: what was written is read again, whatever it was, and what is no SMPP is refused with its status."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.products.comms.carrier.smpp.alphabets import DEFAULT, UCS_2, decoded, gsm_decoded, gsm_encoded
from octavo.products.comms.carrier.smpp.bodies import (
    Address,
    Bind,
    Queried,
    Query,
    ShortMessage,
    read_bind,
    read_queried,
    read_query,
    read_short_message,
    read_text,
)
from octavo.products.comms.carrier.smpp.codes import Command, Tag, name_of
from octavo.products.comms.carrier.smpp.parts import Joining, parts_of, place_and_text
from octavo.products.comms.carrier.smpp.pdu import FrameBroken, Frames, Malformed, Pdu
from octavo.products.comms.message.segments import GSM_BASIC, GSM_EXTENDED, segments_of

c_text = st.text(st.characters(codec="latin-1", exclude_characters="\0"), max_size=20)
byte = st.integers(0, 255)
addresses = st.builds(Address, digits=c_text, ton=byte, npi=byte)
options = st.dictionaries(
    st.integers(0, 0xFFFF).filter(lambda tag: tag != Tag.MESSAGE_PAYLOAD), st.binary(max_size=30), max_size=4
)
short_messages = st.builds(
    ShortMessage,
    source=addresses,
    destination=addresses,
    text=st.binary(max_size=300),
    data_coding=byte,
    esm_class=byte,
    service_type=c_text,
    validity=c_text,
    registered_delivery=byte,
    options=options,
)
gsm_text = st.text(st.sampled_from(GSM_BASIC + GSM_EXTENDED), max_size=700)
any_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=300)
pdus = st.builds(
    Pdu, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.binary(max_size=60)
)


@given(short_messages)
def test_a_message_is_read_as_it_was_written(message: ShortMessage) -> None:
    read = read_short_message(message.encoded())
    assert (read.text, read.source, read.destination) == (message.text, message.source, message.destination)
    assert {tag: read.options[tag] for tag in message.options} == message.options
    assert (Tag.MESSAGE_PAYLOAD in read.options) == (len(message.text) > 254)


@given(st.lists(pdus, max_size=5), st.integers(1, 40))
def test_frames_are_found_however_the_stream_is_cut(sent: list[Pdu], size: int) -> None:
    stream, frames = b"".join(pdu.encoded() for pdu in sent), Frames()
    read = [pdu for at in range(0, len(stream), size) for pdu in frames.take(stream[at : at + size])]
    assert read == sent


@given(st.binary(max_size=400))
def test_noise_is_refused_and_never_breaks(noise: bytes) -> None:
    for read in (read_short_message, read_bind, read_query, read_queried, read_text):
        with suppress(Malformed):  # anything else would end the connection of everybody
            read(noise)
    with suppress(FrameBroken):
        assert all(isinstance(pdu, Pdu) for pdu in Frames().take(noise))


@pytest.mark.parametrize("length", [0, 15, 70_001, 2**32 - 1])
def test_a_frame_that_cannot_be_is_told_from_one_that_is_not_whole(length: int) -> None:
    whole = Pdu(Command.ENQUIRE_LINK, 0, 7)
    frames, seen = Frames(), []
    with pytest.raises(FrameBroken):
        seen.extend(frames.take(whole.encoded() + length.to_bytes(4, "big") + bytes(12)))
    assert list(Frames().take(whole.encoded()[:-1])) == []


def test_other_bodies_are_read_as_they_were_written() -> None:
    bind = Bind("octavo", "secret", "VMS", address_range="49*")
    assert read_bind(bind.encoded()) == bind
    query = Query("4711", Address("4915112345678", 1, 1))
    assert read_query(query.encoded()) == query
    queried = Queried("4711", "261121070000000+", 2, 0)
    assert read_queried(queried.encoded()) == queried
    assert read_text(b"") == ""  # some leave the id out where they refuse
    assert name_of(0x58) == "ESME_RTHROTTLED"
    assert name_of(0x400) == "status 0x00000400"


@given(gsm_text)
def test_the_default_alphabet_comes_back(text: str) -> None:
    assert gsm_decoded(gsm_encoded(text)) == text


def test_the_default_alphabet_has_the_places_of_the_standard() -> None:
    assert gsm_encoded("@$ Aa~€ü") == bytes.fromhex("00 02 20 41 61 1b3d 1b65 7e")
    assert gsm_encoded("→") == b"?"
    assert gsm_decoded(bytes.fromhex("1b41 1b1b 41 41")) == "A AA"


@given(any_text, st.sampled_from(["udh8", "udh16", "sar"]), st.integers(0, 0xFFFF))
def test_a_text_is_cut_into_as_many_parts_as_it_is_counted_and_joined_again(
    text: str, joining: Joining, reference: int
) -> None:
    encoding, count = segments_of(text)
    parts = parts_of(text, encoding, reference=reference, joining=joining)
    assert len(parts) == count
    joined = []
    for number, part in enumerate(parts, 1):
        message = read_short_message(
            ShortMessage(
                source=Address("1"),
                destination=Address("2"),
                text=part.text,
                data_coding=part.data_coding,
                esm_class=part.esm_class,
                options=part.options,
            ).encoded()
        )
        place, octets = place_and_text(message)
        if count > 1:
            assert place is not None
            assert (place.total, place.number) == (count, number)
            assert place.reference == (reference & 0xFF if joining == "udh8" else reference)
        joined.append(decoded(octets, message.data_coding, "gsm"))
    assert "".join(joined) == text


def test_what_fits_a_carrier_that_speaks_latin_goes_out_as_latin() -> None:
    [part] = parts_of("Größe", "GSM-7", reference=1, joining="udh8", default="latin-1")
    assert (part.text, part.data_coding) == (b"Gr\xf6\xdfe", DEFAULT)
    [part] = parts_of("10 €", "GSM-7", reference=1, joining="udh8", default="latin-1")
    assert part.data_coding == UCS_2
    [part] = parts_of("x" * 1600, "GSM-7", reference=1, joining="payload")
    assert len(part.text) == 1600


@pytest.mark.parametrize(
    "header", ["03 05 0400 23f0 00", "05 0003 07 02 03", "05 0003 07 00 01", "03 00 09 01", "ff 00 03"]
)
def test_headers_without_a_place_or_with_one_that_cannot_be_are_passed_over(header: str) -> None:
    message = ShortMessage(
        source=Address("1"), destination=Address("2"), text=bytes.fromhex(header) + b"text", esm_class=0x40
    )
    assert place_and_text(message)[0] is None


def test_ports_before_the_place_do_not_hide_it() -> None:
    text = bytes.fromhex("0b 0504 0b84 23f0 0003 07 02 01") + b"text"
    message = ShortMessage(source=Address("1"), destination=Address("2"), text=text, esm_class=0x40)
    assert place_and_text(message) == ((7, 2, 1), b"text")
