"""The words by which people are found, and what they may say about themselves."""

import unicodedata

from octavo.kernel.refusals import Forbidden, Invalid

LONGEST_BIO = 500
MOST_WORDS = 8


class NotYourself(Forbidden):
    title = "You cannot block yourself"


class Blocked(Forbidden):
    """One of the two does not want to hear from the other."""

    title = "This person does not receive messages from you"


def words_of(text: str) -> list[str]:
    """The words of a text in one spelling (NFKC, case folded), each once; at most eight of them."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return list(dict.fromkeys(plain.replace("@", " ").split()))[:MOST_WORDS]


def check_bio(bio: str) -> None:
    """Raises Invalid."""
    if len(bio) > LONGEST_BIO:
        raise Invalid(fields={"bio": f"At most {LONGEST_BIO} characters; these are {len(bio)}."})
