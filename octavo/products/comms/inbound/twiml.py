"""Messaging TwiML: what a server answers to a message (the vendor's "TwiML for Programmable Messaging")."""

from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.inbound.rows import RedirectVerb, ReplyVerb, Verb

XML_TYPES = ("text/xml", "application/xml", "text/html")
METHODS = ("GET", "POST")


def verbs_of(content_type: str, body: bytes) -> list[Verb]:
    """What to do. Plain text is a reply by itself, and nothing is nothing to do. Raises CommsRefusal 12xxx, 14xxx."""
    if not body.strip():
        return []
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/plain":
        return [ReplyVerb(body=body.decode(errors="replace").strip())]
    if kind not in XML_TYPES:
        raise CommsRefusal(12300, f"Invalid Content-Type: {kind or 'none'} is neither XML nor plain text.")
    return _read(_parse(body))


def _parse(body: bytes) -> Element:
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except ParseError as error:
        raise CommsRefusal(12100, f"Document parse failure: {error}") from None
    except DefusedXmlException:
        raise CommsRefusal(12100, "Document parse failure: a document type or entities are not accepted.") from None
    if root.tag != "Response":
        raise CommsRefusal(12100, f"Document parse failure: the root is <{root.tag}> and should be <Response>.")
    return root


def _read(root: Element) -> list[Verb]:
    verbs: list[Verb] = []
    for element in root:
        if element.tag in ("Message", "Sms"):
            verbs.append(_reply(element))
        elif element.tag == "Redirect":
            verbs.append(RedirectVerb(url=(element.text or "").strip(), method=_method(element)))
            break
        else:
            raise CommsRefusal(12200, f"<{element.tag}> is no verb of messaging.")
    return verbs


def _reply(element: Element) -> ReplyVerb:
    bodies = [(one.text or "").strip() for one in element.findall("Body")]
    media = [(one.text or "").strip() for one in element.findall("Media")]
    body = "".join(bodies) or (element.text or "").strip()
    if not body and not media:
        raise CommsRefusal(14103, "A <Message> has neither text nor media.")
    return ReplyVerb(
        body=body,
        media=media,
        to=element.get("to", ""),
        from_=element.get("from", ""),
        status_callback=element.get("statusCallback", ""),
        action=element.get("action", ""),
        method=_method(element),
    )


def _method(element: Element) -> str:
    method = element.get("method", "POST").upper()
    if method not in METHODS:
        raise CommsRefusal(14104, f"method={method!r:.20} is neither GET nor POST.")
    return method
