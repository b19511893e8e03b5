"""What documents of servers mean, and what is wrong with them."""

import pytest

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.inbound.rows import RedirectVerb, ReplyVerb
from octavo.products.comms.inbound.twiml import read_answer, read_document

XML = "application/xml"


def read(text: str) -> list[ReplyVerb | RedirectVerb]:
    return read_answer(XML, text.encode()).verbs


def test_a_message_may_hold_its_text_itself_or_in_a_body() -> None:
    assert read("<Response><Message>Hi</Message></Response>") == [ReplyVerb(body="Hi")]
    full = """<?xml version="1.0" encoding="UTF-8"?>
        <Response>
            <Message to="+14155550111" from="+14155550100" action="/done" method="get" statusCallback="/status">
                <Body>Grüße</Body><Media>https://a.example/1.png</Media><Media>2.png</Media>
            </Message>
            <Message>Second</Message>
        </Response>"""
    assert read(full) == [
        ReplyVerb(
            body="Grüße",
            media=("https://a.example/1.png", "2.png"),
            to="+14155550111",
            from_="+14155550100",
            action="/done",
            method="GET",
            status_callback="/status",
        ),
        ReplyVerb(body="Second"),
    ]


def test_nothing_and_an_empty_response_are_nothing_to_do() -> None:
    assert read_answer("", b"  \n").verbs == []
    assert read("<Response/>") == []


def test_plain_text_is_a_reply() -> None:
    assert read_answer("text/plain; charset=utf-8", b" Thanks \n").verbs == [ReplyVerb(body="Thanks")]


def test_nothing_behind_a_redirect_is_done() -> None:
    found = read("<Response><Message>1</Message><Redirect method='GET'>/next</Redirect><Message>2</Message></Response>")
    assert found == [ReplyVerb(body="1"), RedirectVerb(url="/next", method="GET")]


@pytest.mark.parametrize(
    ("content_type", "text", "code"),
    [
        ("image/png", "x", 12300),
        (XML, "<Response><Message>", 12100),
        (XML, "<Message>Hi</Message>", 12100),
        (XML, "<!DOCTYPE x [<!ENTITY a 'b'>]><Response>&a;</Response>", 12100),
        (XML, "<Response><Say>Hi</Say></Response>", 14110),
        (XML, "<Response><Message/></Response>", 14103),
        (XML, "<Response><Message method='PUT'>Hi</Message></Response>", 14104),
        (XML, f"<Response><Message>{'x' * 1601}</Message></Response>", 14103),
        (XML, f"<Response>{'<Message>x</Message>' * 21}</Response>", 14109),
        (XML, "<Response><Redirect/></Response>", 11100),
    ],
)
def test_documents_that_cannot_be_carried_out_are_refused(content_type: str, text: str, code: int) -> None:
    with pytest.raises(CommsRefusal) as refused:
        read_answer(content_type, text.encode())
    assert refused.value.number == code


def test_problems_are_found_on_their_lines_and_warnings_keep_nothing_from_being_done() -> None:
    document = read_document(
        b"<Response>\n  <Message To='+1'>Hi\n    <Picture/>\n  </Message>\n  <Say>Hi</Say>\n</Response>"
    )
    assert [(one.code, one.line, one.is_warning) for one in document.problems] == [
        (12200, 2, True),
        (12200, 3, True),
        (14110, 5, False),
    ]
    assert [type(one) for one in document.verbs] == [ReplyVerb]
    assert read_document(b"<Response>\n<Message>\n</Response>").problems[0].line == 3
