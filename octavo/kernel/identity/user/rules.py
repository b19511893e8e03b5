"""What a new or changed account may look like, and which roles include which."""

import re
import unicodedata
from collections.abc import Iterable

from octavo.kernel.identity.claim.rules import email_fault, username_fault
from octavo.kernel.identity.password.rules import password_fault
from octavo.kernel.refusals import Forbidden, Invalid, NotFound

# Each role includes those before it: a moderator may do what a creator may.
ROLES = ("user", "creator", "moderator", "operator")
NAME_MAX = 60

_LOCALE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Z]{2}|[0-9]{3}))?")  # the common part of RFC 5646
# Control characters and code points that mean nothing.
_UNSEEN = frozenset({"Cc", "Cn", "Co", "Cs"})
# Bidirectional embeddings, overrides and isolates (Unicode TR 9): one left open turns the text that follows the name.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class AccountSuspended(Forbidden):
    """The password was right, but a moderator has closed the account for now."""

    title = "This account is suspended. Write to the operator of this site if you think that is a mistake."


class NoSuchUser(NotFound):
    title = "There is no such user"


class LastOperator(Forbidden):
    """Nobody would be left who could run the site."""

    title = "This is the only operator. Make another one first."


def roles_with_lesser(roles: Iterable[str]) -> list[str]:
    """These roles and all the lesser ones, which they include. Raises Invalid for a role that does not exist."""
    wanted = set(roles)
    if not wanted or not wanted.issubset(ROLES):
        raise Invalid(fields={"role": f"Choose one of {', '.join(ROLES)}."})
    return list(ROLES[: max(map(ROLES.index, wanted)) + 1])


def check_may_change_roles(roles: Iterable[str]) -> None:
    """Raises Forbidden unless an operator asks, or the machine's owner through a command."""
    if {"operator", "system"}.isdisjoint(roles):
        raise Forbidden("Only an operator may change what others may do.")


def normal_name(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).split())


def name_fault(name: str) -> str | None:
    text = normal_name(name)
    if not text:
        return "Enter the name that others will see."
    if len(text) > NAME_MAX:
        return f"Use at most {NAME_MAX} characters."
    if any(unicodedata.category(character) in _UNSEEN or character in _OVERRIDES for character in text):
        return "This name has a character that cannot be shown."
    return None


def locale_fault(locale: str) -> str | None:
    return None if not locale or _LOCALE.fullmatch(locale) else "Choose a language from the list."


def check_registration(*, name: str, email: str, username: str, password: str) -> None:
    """Raises Invalid with what is wrong in every field."""
    _refuse(
        name=name_fault(name),
        email=email_fault(email),
        username=username_fault(username),
        password=password_fault(password, names=(name, email, username)),
    )


def check_profile(*, name: str, username: str, locale: str) -> None:
    """Raises Invalid with what is wrong in every field."""
    _refuse(name=name_fault(name), username=username_fault(username), locale=locale_fault(locale))


def check_email(email: str) -> None:
    _refuse(email=email_fault(email))


def _refuse(**faults: str | None) -> None:
    fields = {field: fault for field, fault in faults.items() if fault}
    if fields:
        raise Invalid(fields=fields)
