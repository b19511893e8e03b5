"""What a server is told of a message that came in (the vendor's "Webhook Request" page)."""

from octavo.products.comms.message.rows import Message
from octavo.products.comms.number.rules import country_of
from octavo.products.comms.optout.rows import Wish
from octavo.products.comms.sids import sid

API_VERSION = "2010-04-01"


def parameters(message: Message, *, wish: Wish | None) -> list[tuple[str, str]]:
    account_sid = sid("AC", message.account_id)
    form = [
        ("ToCountry", country_of(message.recipient)),
        ("ToState", ""),
        ("ToCity", ""),
        ("ToZip", ""),
        ("SmsMessageSid", message.sid),
        ("NumMedia", str(len(message.media_urls))),
        ("FromZip", ""),
        ("SmsSid", message.sid),
        ("FromState", ""),
        ("SmsStatus", "received"),
        ("FromCity", ""),
        ("Body", message.body),
        ("FromCountry", country_of(message.sender)),
        ("To", message.recipient),
        ("NumSegments", str(message.num_segments)),
        ("MessageSid", message.sid),
        ("AccountSid", account_sid),
        ("From", message.sender),
        ("ApiVersion", API_VERSION),
    ]
    if message.service_id is not None:
        form.append(("MessagingServiceSid", sid("MG", message.service_id)))
    if wish is not None:
        form.append(("OptOutType", wish))
    for position, url in enumerate(message.media_urls):
        form.append((f"MediaUrl{position}", url))
    return form
