"""Pure decisions about answers of other servers: what is there, and whether what comes continues what we have."""

from collections.abc import Mapping
from email.message import Message
from urllib.parse import unquote, urlsplit

from octavo.kernel.media.upload.fetching.rows import Found
from octavo.kernel.refusals import Invalid, Refusal

# Where trying again later may help; everything else is said for good.
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})


class AddressUnusable(Invalid):
    """Nothing can be fetched from there, however often we ask."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, fields={"url": sentence})


class SourceBroke(Refusal):
    """The other server, or the line to it, broke down; what arrived is kept, and we ask again."""

    status, title = 502, "The other server did not answer"


def check_status(status: int, url: str) -> None:
    """Raises SourceBroke where it may pass, AddressUnusable where it will not."""
    if status in (200, 206):
        return
    sentence = f"{host_of(url)} answers with status {status}."
    if status in PASSING:
        raise SourceBroke(f"{sentence} Try again later.")
    if status in (401, 403):
        raise AddressUnusable(f"{sentence} The file must be open to everyone who has its address.")
    raise AddressUnusable(f"{sentence} Is the address right?")


def found(url: str, headers: Mapping[str, str], *, filename: str) -> Found:
    """Raises AddressUnusable where the server does not say how long the file is: room is made before it comes."""
    length = headers.get("content-length", "")
    if not length.isascii() or not length.isdigit() or len(length) > 18:
        raise AddressUnusable(f"{host_of(url)} does not say how large the file is. Download it, then upload it here.")
    etag = headers.get("etag", "")
    return Found(
        filename=filename or _disposed_name(headers) or unquote(urlsplit(url).path.rpartition("/")[2]),
        filetype=headers.get("content-type", ""),
        length=int(length),
        # A weak tag may stay the same while bytes change.
        validator=etag if etag and not etag.startswith("W/") else headers.get("last-modified", ""),
    )


def continues_at(status: int, headers: Mapping[str, str], *, received: int, length: int, validator: str) -> int:
    """The offset of the answer's first byte: `received`, or 0 where the file comes from its beginning again.

    Raises AddressUnusable where it is another file than the one that was begun.
    """
    start, total = 0, headers.get("content-length", "")
    if status == 206:
        span, _, total = headers.get("content-range", "").removeprefix("bytes ").partition("/")
        first = span.partition("-")[0]
        start = int(first) if first.isdigit() else -1
    if start not in (0, received) or total != str(length):
        raise AddressUnusable("The file at that address has changed since it was begun. Start again.")
    named = {headers.get("etag", ""), headers.get("last-modified", "")}
    if start and validator and validator not in named:
        raise AddressUnusable("The file at that address has changed since it was begun. Start again.")
    return start


def asked_from(received: int, validator: str) -> dict[str, str]:
    """The headers that ask for the rest; without a name for this version nobody could tell that it is the rest."""
    return {"Range": f"bytes={received}-", "If-Range": validator} if received and validator else {}


def host_of(url: str) -> str:
    return urlsplit(url).hostname or "The server"


def _disposed_name(headers: Mapping[str, str]) -> str:
    """RFC 6266, as mail writes it too."""
    message = Message()
    message["Content-Disposition"] = headers.get("content-disposition", "")
    return message.get_filename() or ""
