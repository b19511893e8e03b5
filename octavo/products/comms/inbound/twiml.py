"""Messaging TwiML: what a server answers to a message (the vendor's "TwiML for Programmable Messaging")."""

from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.inbound.rows import Document, Method, Problem, RedirectVerb, ReplyVerb, Verb

XML_TYPES = ("text/xml", "application/xml", "text/html")
MESSAGE_ATTRIBUTES = frozenset({"to", "from", "action", "method", "statusCallback"})
LONGEST_BODY, MOST_MEDIA, MOST_REPLIES = 1600, 10, 20


def read_answer(content_type: str, body: bytes) -> Document:
    """What to do. Plain text is a reply by itself, and nothing is nothing to do. Raises CommsRefusal 11100, 12xxx or
    14xxx for a document with anything worse than warnings.
    """
    if not body.strip():
        return Document([], [])
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "text/plain":
        return Document([ReplyVerb(body=body.decode(errors="replace").strip())], [])
    if kind not in XML_TYPES:
        raise CommsRefusal(12300, f"Invalid Content-Type: {kind or 'none'} is neither XML nor plain text.")
    document = read_document(body)
    for problem in document.problems:
        if not problem.is_warning:
            raise CommsRefusal(problem.code, f"Line {problem.line}: {problem.text}")
    return document


def read_document(body: bytes) -> Document:
    """The document with all of its problems."""
    parser = _Lines()
    try:
        parser.feed(body)
        root: Element = parser.close()
    except ParseError as error:
        return _unreadable(
            error.position[0], f"This is no well-formed XML: {error}.", "Close every tag, escape & as &amp;"
        )
    except DefusedXmlException:
        return _unreadable(
            1, "A document type or entities are not accepted.", "Leave out <!DOCTYPE …> and its entities."
        )
    reader = _Reader(parser.lines)
    reader.read(root)
    return Document(reader.verbs, reader.problems)


def _unreadable(line: int, text: str, advice: str) -> Document:
    return Document([], [Problem(12100, line, text, advice)])


class _Lines(XMLParser):
    """A parser that knows on which line each element begins. It takes no document types and no entities."""

    def __init__(self) -> None:
        super().__init__(forbid_dtd=True)
        self.lines: dict[int, int] = {}

    def _start(self, *arguments: Any) -> Any:
        element = super()._start(*arguments)  # type: ignore[misc]
        self.lines[id(element)] = self.parser.CurrentLineNumber
        return element


class _Reader:
    def __init__(self, lines: dict[int, int]) -> None:
        self._lines = lines
        self.verbs: list[Verb] = []
        self.problems: list[Problem] = []

    def read(self, root: Element) -> None:
        if root.tag != "Response":
            self._wrong(12100, root, f"The root is <{root.tag}>.", "Put everything inside <Response>…</Response>.")
            return
        for element in root:
            if self.verbs and isinstance(self.verbs[-1], RedirectVerb):
                self._pass_over(element, "Nothing behind a <Redirect> is done.", "Take it out, or put it before.")
            elif element.tag in ("Message", "Sms"):
                self._message(element)
            elif element.tag == "Redirect":
                self._redirect(element)
            else:
                self._wrong(14110, element, f"<{element.tag}> is no verb of messaging.", "Use <Message> or <Redirect>.")

    def _message(self, element: Element) -> None:
        for name in sorted(set(element.keys()) - MESSAGE_ATTRIBUTES):
            self._pass_over(element, f"<Message> has no attribute {name}.", "Take it out; case matters.")
        for child in element:
            if child.tag not in ("Body", "Media"):
                self._pass_over(child, f"<{child.tag}> means nothing inside <Message>.", "Use <Body> and <Media>.")
        body = "".join((one.text or "").strip() for one in element.findall("Body")) or (element.text or "").strip()
        media = tuple(text for one in element.findall("Media") if (text := (one.text or "").strip()))
        before = len(self.problems)
        if not body and not media:
            self._wrong(14103, element, "This <Message> has neither text nor media.", "Give it a <Body> or <Media>.")
        if len(body) > LONGEST_BODY:
            advice = f"Cut it to {LONGEST_BODY} characters, or send several messages."
            self._wrong(14103, element, f"The text has {len(body):,} characters.", advice)
        if len(media) > MOST_MEDIA:
            self._wrong(14103, element, f"There are {len(media)} files.", f"Send at most {MOST_MEDIA} with a message.")
        if sum(isinstance(one, ReplyVerb) for one in self.verbs) >= MOST_REPLIES:
            self._wrong(14109, element, "There are too many replies.", f"Send at most {MOST_REPLIES} with one answer.")
        method = self._method(element)
        if method is not None and all(problem.is_warning for problem in self.problems[before:]):
            self.verbs.append(
                ReplyVerb(
                    body=body,
                    media=media,
                    to=element.get("to", ""),
                    from_=element.get("from", ""),
                    status_callback=element.get("statusCallback", ""),
                    action=element.get("action", ""),
                    method=method,
                )
            )

    def _redirect(self, element: Element) -> None:
        url, method = (element.text or "").strip(), self._method(element)
        if not url:
            self._wrong(11100, element, "This <Redirect> names no address.", "Put a URL between its tags.")
        elif method is not None:
            self.verbs.append(RedirectVerb(url=url, method=method))

    def _method(self, element: Element) -> Method | None:
        method = element.get("method", "POST").upper()
        if method in ("GET", "POST"):
            return "GET" if method == "GET" else "POST"
        self._wrong(14104, element, f"method is {method[:20]!r}.", "Write GET or POST.")
        return None

    def _wrong(self, code: int, element: Element, text: str, advice: str) -> None:
        self.problems.append(Problem(code, self._lines.get(id(element), 1), text, advice))

    def _pass_over(self, element: Element, text: str, advice: str) -> None:
        self.problems.append(Problem(12200, self._lines.get(id(element), 1), text, advice, is_warning=True))
