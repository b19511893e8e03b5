"""Which cookies go along with a request, and what an answer changes about them (RFC 6265, without foreign domains)."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http.cookies import CookieError, Morsel, SimpleCookie
from urllib.parse import urlsplit

from octavo.products.comms.inbound.cookie.rows import Cookie

KEPT = timedelta(hours=4)  # as the vendor keeps them, whatever longer time they ask for
MOST, LONGEST = 20, 4096  # of one server; characters of a name and value
_PLAIN = re.compile(r"[\x20-\x7e]*")


def header(cookies: Iterable[Cookie], url: str, now: datetime) -> str:
    """`a=1; b=2`, blank for none."""
    place = urlsplit(url)
    wanted = [
        one
        for one in cookies
        if one.ends > now.timestamp()
        and _leads_to(place.path or "/", one.path)
        and (place.scheme == "https" or not one.secure)
    ]
    return "; ".join(f"{one.name}={one.value}" for one in wanted)


def changed(cookies: Iterable[Cookie], url: str, said: Sequence[str], now: datetime) -> list[Cookie]:
    """The cookies after an answer of `url` has said so much, the newest last."""
    kept = {(one.name, one.path): one for one in cookies if one.ends > now.timestamp()}
    for text in said:
        for name, morsel in _read(text):
            one = _cookie(name, morsel, url, now)
            kept.pop((one.name, one.path), None)
            if one.ends > now.timestamp():
                kept[one.name, one.path] = one
    return list(kept.values())[-MOST:]


def _read(text: str) -> list[tuple[str, "Morsel[str]"]]:
    """Nothing where it cannot be read, or is too long."""
    found: SimpleCookie = SimpleCookie()
    try:
        found.load(text)
    except CookieError:
        return []
    return [
        (name, morsel)
        for name, morsel in found.items()
        if len(name) + len(morsel.coded_value) <= LONGEST and _PLAIN.fullmatch(morsel.coded_value)
    ]


def _cookie(name: str, morsel: "Morsel[str]", url: str, now: datetime) -> Cookie:
    path = morsel["path"]
    if not path.startswith("/") or not _PLAIN.fullmatch(path):
        path = urlsplit(url).path.rpartition("/")[0] or "/"
    ends = min(_ends(morsel, now), now + KEPT)
    return Cookie(name, morsel.coded_value, path, bool(morsel["secure"]), ends.timestamp())


def _ends(morsel: "Morsel[str]", now: datetime) -> datetime:
    """Max-Age goes before Expires; what is neither ends with the conversation."""
    age = morsel["max-age"]
    if re.fullmatch(r"-?\d{1,9}", age):
        return now + timedelta(seconds=int(age))
    try:
        ends = parsedate_to_datetime(morsel["expires"])
    except ValueError:
        return now + KEPT
    return ends if ends.tzinfo else ends.replace(tzinfo=now.tzinfo)


def _leads_to(path: str, cookie_path: str) -> bool:
    return path == cookie_path or path.startswith(cookie_path.rstrip("/") + "/")
