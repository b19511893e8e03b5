"""Messages that cannot be sent, each with what the vendor answers. The judges with both SDKs send them."""

from typing import Any

CUSTOMER = "+14155550100"
PICTURES = [f"https://pictures.example/{number}.png" for number in range(11)]
Changes = dict[str, Any]
Told = tuple[int, int]

# What is changed in a good message, `None` for what is left out, and what is answered: status and code.
MESSAGES: dict[str, tuple[Changes, Told]] = {
    "From is nobody's": ({"from_": "+14155550199"}, (400, 21606)),
    "From is a magic number": ({"from_": "+15005550006"}, (400, 21606)),
    "From is no number": ({"from_": "+1415"}, (400, 21212)),
    "From is a number in words": ({"from_": "four one five"}, (400, 21212)),
    "From is blank": ({"from_": ""}, (400, 21603)),
    "From is missing": ({"from_": None}, (400, 21603)),
    "From is a name where networks show none": ({"from_": "Acme"}, (400, 21612)),
    "From is To": ({"to": "itself"}, (400, 21266)),
    "To is blank": ({"to": ""}, (400, 21604)),
    "To is white space": ({"to": "   "}, (400, 21604)),
    **{
        f"To is {to!r}": ({"to": to}, (400, 21211))
        for to in (
            "hello",
            "1",
            "+",
            "+1",
            "++14155550100",
            "+1415555",
            "+14155550100x",
            "+1415555010000",
            "+0014155550100",
            "+999999999999999999",
            "+14155550100,+14155550101",
            "+1415\x00550100",
            "+١٤١٥٥٥٥٠١٠٠",
            "sip:ana@example.org",
            "ana@example.org",
            "'; DROP TABLE comms.message; --",
            "x" * 4000,
        )
    },
    "Body and MediaUrl are missing": ({"body": None}, (400, 21602)),
    "Body is blank, and there is no MediaUrl": ({"body": ""}, (400, 21619)),
    "Body has 1,601 characters": ({"body": "a" * 1601}, (400, 21617)),
    "Body has 1,601 characters of two bytes": ({"body": "ж" * 1601}, (400, 21617)),
    "there are 11 media": ({"media_url": PICTURES}, (400, 21623)),
    "there are 11 media and no Body": ({"media_url": PICTURES, "body": None}, (400, 21623)),
    "MediaUrl is no URL": ({"media_url": ["picture.png"]}, (400, 21620)),
    "MediaUrl is a local file": ({"media_url": ["file:///etc/passwd"]}, (400, 21620)),
    "MessagingServiceSid is nobody's": ({"messaging_service_sid": "MG" + "0" * 32, "from_": None}, (400, 21701)),
    "ContentSid is nobody's": ({"content_sid": "HX" + "0" * 32}, (400, 21655)),
    "ContentSid stands for the body": ({"content_sid": "HX" + "0" * 32, "body": None}, (400, 21655)),
    "ContentSid is no SID": ({"content_sid": "welcome"}, (400, 21655)),
    "ContentVariables are there without ContentSid": ({"content_variables": '{"1": "Ana"}'}, (400, 21654)),
    "ContentRetention is unknown": ({"content_retention": "burn"}, (400, 20001)),
    "AddressRetention is unknown": ({"address_retention": "discard"}, (400, 20001)),
    "SendAsMms is no boolean": ({"send_as_mms": "perhaps"}, (400, 20001)),
    "MessagingServiceSid is no SID": ({"messaging_service_sid": "shop", "from_": None}, (400, 21701)),
}
