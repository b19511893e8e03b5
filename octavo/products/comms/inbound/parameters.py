"""What a server is told of a message that came in (the vendor's "Webhook Request" page)."""

from collections.abc import Sequence

from octavo.products.comms.media.rows import Media
from octavo.products.comms.message.rows import Message
from octavo.products.comms.number.places import place_of
from octavo.products.comms.number.rows import Place
from octavo.products.comms.number.rules import country_of
from octavo.products.comms.sids import sid

API_VERSION = "2010-04-01"
TEXT = "Body"


def parameters(message: Message, media: Sequence[Media], *, wish: str, api_url: str) -> list[tuple[str, str]]:
    """`wish` is what a word of the message asked for, or blank; `api_url` is where the receiver finds our API."""
    account_sid = sid("AC", message.account_id)
    form = [
        *_whereabouts("To", message.recipient),
        *_whereabouts("From", message.sender),
        ("SmsMessageSid", message.sid),
        ("NumMedia", str(len(media))),
        ("SmsSid", message.sid),
        ("SmsStatus", "received"),
        (TEXT, message.body),
        ("To", message.recipient),
        ("NumSegments", str(message.num_segments)),
        ("MessageSid", message.sid),
        ("AccountSid", account_sid),
        ("From", message.sender),
        ("ApiVersion", API_VERSION),
    ]
    if message.service_id is not None:
        form.append(("MessagingServiceSid", sid("MG", message.service_id)))
    if wish:
        form.append(("OptOutType", wish))
    base = f"{api_url}/{API_VERSION}/Accounts/{account_sid}/Messages/{message.sid}/Media"
    for position, one in enumerate(media):
        form += [(f"MediaContentType{position}", one.content_type), (f"MediaUrl{position}", f"{base}/{one.sid}")]
    return form


def _whereabouts(prefix: str, number: str) -> list[tuple[str, str]]:
    place = place_of(number) or Place()
    return [
        (f"{prefix}Country", country_of(number)),
        (f"{prefix}State", place.region),
        (f"{prefix}City", place.locality.upper()),
        (f"{prefix}Zip", place.postal_code),
    ]
