"""When an e-mail address or a username is acceptable, and which two spellings of one are the same."""

import re
import unicodedata
from itertools import pairwise

from octavo.kernel.identity.claim.reserved_usernames import RESERVED_USERNAMES

USERNAME_LENGTH = range(3, 31)
EMAIL_MAX = 254  # RFC 5321 4.5.3.1.3, a path without its angle brackets

_SEPARATORS = "._-"
# A local part as people write it: RFC 5321's dot-atom, without quoting. Letters beyond ASCII are RFC 6531.
_LOCAL = re.compile(r"[^\s\x00-\x20\x7f@<>()\[\],;:\\\".]+(\.[^\s\x00-\x20\x7f@<>()\[\],;:\\\".]+)*")
_HOST = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9][a-z0-9-]{0,61}[a-z0-9]")

# Lower-case letters that look like a Latin one (the everyday part of Unicode TR 39), and the two digits that do.
_LOOKALIKES = str.maketrans(
    "01" + "аеорсухіјѕһԁԛԝ" + "αγικνορυχ" + "ıɑɡ",
    "ol" + "aeopcyxijshdqw" + "ayikvopux" + "iag",
)


def email_key(email: str) -> str:
    """The one spelling under which an address is claimed: local part compatibility-folded, host in lower-case ASCII.

    Dots and +tags stay: they are the provider's business, and dropping them would hand one person another's address.
    """
    local, _, host = unicodedata.normalize("NFKC", email.strip()).rpartition("@")
    return f"{local.casefold()}@{_ascii_host(host)}"


def email_fault(email: str) -> str | None:
    """What is wrong with an address, in words for the person who typed it; None when nothing is."""
    local, at, host = unicodedata.normalize("NFKC", email.strip()).rpartition("@")
    if not at or not local or not host:
        return "Enter an e-mail address, such as name@example.org."
    if len(email.strip()) > EMAIL_MAX or len(local.encode()) > 64:
        return "This e-mail address is too long."
    if not _LOCAL.fullmatch(local):
        return "The part before the @ has a character that cannot be there."
    if not _HOST.fullmatch(_ascii_host(host)):
        return "The part after the @ is not the name of a mail server."
    return None


def normal_username(username: str) -> str:
    """A username as it is kept and shown: width and case folded, so that no capital I passes for an l."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username.strip()).casefold())


def username_key(username: str) -> str:
    """The one spelling under which a username is claimed: two names that a reader could confuse share a key."""
    return normal_username(username).translate(_LOOKALIKES)


def username_fault(username: str) -> str | None:
    """What is wrong with a username, in words for the person who typed it; None when nothing is."""
    name = normal_username(username)
    if len(name) not in USERNAME_LENGTH:
        return "Use 3 to 30 characters."
    if not all(_is_allowed(character) for character in name):
        return "Use only letters, digits, dots, hyphens and underscores."
    if name[0] in _SEPARATORS or name[-1] in _SEPARATORS or unicodedata.combining(name[0]):
        return "Begin and end with a letter or a digit."
    if any(a in _SEPARATORS and b in _SEPARATORS for a, b in pairwise(name)):
        return "Put a letter or a digit between two dots, hyphens or underscores."
    scripts = _scripts(name)
    if not scripts:
        return "Use at least one letter."
    if len(scripts) > 1:
        return "Use letters of one alphabet only."
    if username_key(name) in _RESERVED_KEYS:
        return "This name is reserved. Choose another."
    return None


def is_email(login: str) -> bool:
    """Whether a login is an address. A username never holds an @, so the two cannot be confused."""
    return "@" in unicodedata.normalize("NFKC", login)


def _ascii_host(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return host.casefold()


def _is_allowed(character: str) -> bool:
    if character in _SEPARATORS or character in "0123456789":
        return True
    # Marks are parts of letters in scripts such as Devanagari.
    return unicodedata.category(character) in {"Ll", "Lo", "Mn", "Mc"} and unicodedata.name(character, "") != ""


# The scripts that Japanese mixes in one word.
_ONE_SCRIPT = {"HIRAGANA": "JAPANESE", "KATAKANA": "JAPANESE", "CJK": "JAPANESE"}


def _scripts(name: str) -> set[str]:
    """Python knows no script property; the first word of a letter's Unicode name is its script."""
    firsts = (unicodedata.name(character).partition(" ")[0] for character in name if character.isalpha())
    return {_ONE_SCRIPT.get(first, first) for first in firsts}


_RESERVED_KEYS = frozenset(username_key(name) for name in RESERVED_USERNAMES)
