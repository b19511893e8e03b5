"""Which passwords are accepted: length and being hard to guess count, composition does not (NIST SP 800-63B 3.1.1)."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from octavo.kernel.identity.password.common_words import COMMON_WORDS
from octavo.kernel.refusals import Invalid

PASSWORD_LENGTH = range(10, 257)

# What fingers and minds walk along, forwards or backwards.
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
    "1q2w3e4r5t6y7u8i9o0p",
    "1qaz2wsx3edc4rfv5tgb6yhn",
)
_STEPS = frozenset(step for row in _ROWS for a, b in pairwise(row) for step in (a + b, b + a))
_LEET = str.maketrans("0134578@$!|", "oleastbasil")


def normal_password(password: str) -> str:
    """One form for what different keyboards send for the same characters (NIST SP 800-63B 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def password_fault(password: str, *, names: Iterable[str] = ()) -> str | None:
    """What is wrong with a new password; None when nothing is. `names` are the account's username, e-mail and name."""
    text = normal_password(password)
    if len(text) < PASSWORD_LENGTH.start:
        return f"This is too short: use at least {PASSWORD_LENGTH.start} characters."
    if len(text) >= PASSWORD_LENGTH.stop:
        return f"Use at most {PASSWORD_LENGTH.stop - 1} characters."
    if any(part in text.casefold() for part in _telling_parts(names)):
        return "Leave your name, username and address out of the password."
    if is_common(text):
        return "This is one of the first passwords that others would try. Choose another."
    return None


def check_new_password(password: str, *, names: Iterable[str], field: str) -> None:
    """Raises Invalid for the given form field when the password is not accepted."""
    if fault := password_fault(password, names=names):
        raise Invalid(fields={field: fault})


def is_common(password: str) -> bool:
    """Whether a password is a common word with trimmings, one thing repeated, or a walk over the keyboard."""
    text = password.casefold()
    unit = _repeated_unit(text)
    return len(unit) <= 4 or _is_walk(text) or _is_walk(unit) or _is_made_of_common_words(unit)


def _telling_parts(names: Iterable[str]) -> set[str]:
    """Parts of four or more characters: shorter ones turn up in good passwords by chance."""
    return {
        part for name in names for part in (name.casefold(), *re.split(r"[@\s]+", name.casefold())) if len(part) >= 4
    }


def _repeated_unit(text: str) -> str:
    """The shortest text whose repetition this is: `abcabcab` is made of `abc`."""
    for size in range(1, len(text) // 2 + 1):
        if all(a == b for a, b in zip(text, text[size:], strict=False)):
            return text[:size]
    return text


def _is_walk(text: str) -> bool:
    """Whether nearly every character is beside the one before it."""
    return sum(a + b in _STEPS for a, b in pairwise(text)) >= len(text) - 2


def _is_made_of_common_words(text: str) -> bool:
    """One or two common words with little around them. Three words of any list are a decent passphrase."""
    for spelling in (text, re.sub(r"[\W_]+$", "", text).translate(_LEET)):
        words = re.findall(r"[^\W\d_]+", spelling)
        trimmings = re.sub(r"[^\W\d_]+", "", spelling)
        if (len(trimmings) <= 6 or _is_walk(trimmings)) and 1 <= _count_common_words(words) <= 2:
            return True
    return False


def _count_common_words(words: Iterable[str]) -> int:
    """How many common words these are, run together or not; 0 when one of them is not common."""
    count = 0
    for word in words:
        if word in COMMON_WORDS:
            count += 1
        elif any(word[:cut] in COMMON_WORDS and word[cut:] in COMMON_WORDS for cut in range(1, len(word))):
            count += 2
        else:
            return 0
    return count
