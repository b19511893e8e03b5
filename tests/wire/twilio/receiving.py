"""A user's own server: it notes the requests that Octavo makes, and checks the signature of each."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from twilio.request_validator import RequestValidator

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Received:
    method: str
    url: str
    path: str
    form: dict[str, str]
    body: bytes
    headers: dict[str, str]  # in lower case

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.url).query, keep_blank_values=True))


@dataclass(frozen=True)
class Answer:
    status: int = 204
    body: str | bytes = ""
    content_type: str = "text/xml"
    seconds: float = 0.0  # to wait before it
    headers: Mapping[str, str] = field(default_factory=dict)


class Receiver(ThreadingHTTPServer):
    """`answers[path]` is what the path answers, 204 without. Tokens of accounts are told by `knows`.

    `unsigned` are paths of files, which are fetched without a signature.
    """

    daemon_threads = True
    request_queue_size = 256

    def __init__(self, address: str = "127.0.0.1") -> None:
        super().__init__((address, 0), _Handler)
        self.url = f"http://{address}:{self.server_address[1]}"
        self.got: list[Received] = []
        self.answers: dict[str, Answer | Callable[[Received], Answer]] = {}
        self.unsigned: set[str] = set()
        self.faults: list[str] = []
        self.tokens: dict[str, str] = {}
        self.news = threading.Condition()

    def knows(self, account_sid: str, auth_token: str) -> None:
        self.tokens[account_sid] = auth_token

    def at(self, path: str) -> list[Received]:
        return [one for one in self.got if one.path == path]

    def until(self, path: str, is_enough: Callable[[list[Received]], bool], seconds: float = 60.0) -> list[Received]:
        """What came to the path, once it is enough. Fails with what did come."""
        deadline = time.monotonic() + seconds
        with self.news:
            while not is_enough(found := self.at(path)):
                left = deadline - time.monotonic()
                assert left > 0, f"not enough came to {path}: {[one.form or one.body for one in found]}"
                self.news.wait(left)
        return found

    def note(self, received: Received) -> Answer:
        if received.path not in self.unsigned:
            self._check_signature(received)
        with self.news:
            self.got.append(received)
            self.news.notify_all()
        answer = self.answers.get(received.path, Answer())
        return answer(received) if callable(answer) else answer

    def tokens_of(self, received: Received) -> list[str]:
        """The token that signs for the account, or where the request names no account, those of all."""
        account = received.form.get("AccountSid") or received.query.get("AccountSid", "")
        return [self.tokens[account]] if account in self.tokens else [*self.tokens.values()]

    def _check_signature(self, received: Received) -> None:
        signature = received.headers.get("x-twilio-signature", "")
        signed = received.body.decode() if "bodySHA256" in received.query else received.form
        tokens = self.tokens_of(received)
        if not any(RequestValidator(token).validate(received.url, signed, signature) for token in tokens):
            self.faults.append(f"the signature of {received.method} {received.url} is wrong")


@contextmanager
def receiving(address: str = "127.0.0.1") -> Iterator[Receiver]:
    with Receiver(address) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Receiver

    def _take(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        kind = self.headers.get_content_type() if "Content-Type" in self.headers else ""
        answer = self.server.note(
            Received(
                method=self.command,
                url=self.server.url + self.path,
                path=urlsplit(self.path).path,
                form=dict(parse_qsl(body.decode(), keep_blank_values=True)) if kind == FORM else {},
                body=body,
                headers={name.lower(): value for name, value in self.headers.items()},
            )
        )
        time.sleep(answer.seconds)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 204:
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if answer.status != 204:
            self.wfile.write(body)

    do_GET = do_POST = _take  # noqa: N815 (names of the standard library)

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""
