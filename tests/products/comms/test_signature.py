"""Signatures, judged by the validator that receivers have: that of the official SDK."""

import json

from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from octavo.products.comms.signature import signature, with_body_hash

TOKEN = "0123456789abcdef0123456789abcdef"
URL = "https://shop.example/sms/status?shop=1"
text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(st.dictionaries(text, text, max_size=8))
def test_a_signed_form_is_taken_by_the_validator(form: dict[str, str]) -> None:
    assert RequestValidator(TOKEN).validate(URL, form, signature(TOKEN, URL, form.items()))


def test_a_changed_form_url_or_token_is_not_taken() -> None:
    form = {"MessageStatus": "sent", "To": "+14155550100"}
    signed = signature(TOKEN, URL, form.items())
    assert not RequestValidator(TOKEN).validate(URL, form | {"MessageStatus": "failed"}, signed)
    assert not RequestValidator(TOKEN).validate(URL + "&x=1", form, signed)
    assert not RequestValidator(TOKEN[::-1]).validate(URL, form, signed)


def test_a_request_without_a_body_is_signed_by_its_url_alone() -> None:
    assert RequestValidator(TOKEN).validate(URL, {}, signature(TOKEN, URL))


def test_values_of_one_name_are_sorted_and_counted_once() -> None:
    class Several(dict[str, list[str]]):
        def getlist(self, name: str) -> list[str]:
            return self[name]

    form = [("MediaUrl", "b"), ("MediaUrl", "a"), ("MediaUrl", "b"), ("To", "+1")]
    received = Several(MediaUrl=["b", "a", "b"], To=["+1"])
    assert RequestValidator(TOKEN).validate(URL, received, signature(TOKEN, URL, form))


def test_another_body_is_bound_by_its_hash_in_the_url() -> None:
    body = json.dumps({"EventType": "onMessageAdded", "Body": "Grüße"}, ensure_ascii=False)
    for url in (URL, "http://shop.example/hook"):
        sent_to = with_body_hash(url, body.encode())
        signed = signature(TOKEN, sent_to)
        assert RequestValidator(TOKEN).validate(sent_to, body, signed)
        assert not RequestValidator(TOKEN).validate(sent_to, body + " ", signed)
