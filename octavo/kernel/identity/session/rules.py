"""Tokens, lifetimes, device names, and where a person may be sent after signing in."""

import hashlib
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from msgspec import Struct

from octavo.settings import IdentitySettings

_PREFIX = "oct_"  # lets secret scanners recognise a leaked token
_ID_LENGTH = 22  # 16 bytes in base64 without padding


class PresentedToken(Struct, frozen=True):
    """The user a token claims to be from, and the hash under which its session would be stored."""

    user_id: UUID
    hash: bytes


def make_token(user_id: UUID, secret: str) -> str:
    """A token names its user, so that the session is found on that user's shard in one query."""
    return f"{_PREFIX}{urlsafe_b64encode(user_id.bytes).decode().rstrip('=')}{secret}"


def read_token(token: str) -> PresentedToken | None:
    """What a token says; None when it is not one of ours."""
    if not token.startswith(_PREFIX) or not 60 <= len(token) <= 200 or not token.isascii():
        return None
    try:
        user_id = UUID(bytes=urlsafe_b64decode(token[len(_PREFIX) : len(_PREFIX) + _ID_LENGTH] + "=="))
    except (NotBase64, ValueError):
        return None
    return PresentedToken(user_id, hashlib.sha256(token.encode()).digest())


def expiry(settings: IdentitySettings, created_at: datetime, now: datetime) -> datetime:
    """When a session ends that is used now: it slides with use, up to its greatest age."""
    return min(now + timedelta(days=settings.session_days), created_at + timedelta(days=settings.session_max_days))


_BROWSERS = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"), ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"), ("Chromium/", "Chromium"), ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


def device_name(user_agent: str) -> str:
    """A device in words its owner knows, such as `Firefox on Windows`, or a program's own name."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    program = re.match(r"[A-Za-z][\w.+-]{0,39}", user_agent)
    return browser or system or (program.group() if program else "Unknown device")


def local_path(path: str, default: str = "/") -> str:
    """`path` where it leads to a page of this site, and `default` where it could lead anywhere else.

    Browsers read a backslash as a slash and skip tabs and line ends, so `/\\\\elsewhere.example` is refused as well.
    """
    if not path.startswith("/") or path.startswith("//") or "\\" in path or not path.isprintable():
        return default
    parts = urlsplit(path)
    return default if parts.scheme or parts.netloc else path
