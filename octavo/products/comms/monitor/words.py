"""What was said in the request of an alert, and what came back: sealed, because both may hold what people wrote."""

from uuid import UUID

from msgspec import Struct, json

from octavo.kernel.db import storable
from octavo.kernel.secrets import seal, unseal
from octavo.products.comms.monitor.rows import Alert
from octavo.settings import Settings

CONTEXT = "comms.alert"  # what the words are bound to, with the account's id
LONGEST = 4000


class Words(Struct, frozen=True):
    """`variables` is the form of the request, urlencoded; `answer` begins what came back."""

    variables: str = ""
    answer: str = ""


def sealed_words(settings: Settings, account_id: UUID, words: Words) -> bytes:
    short = Words(storable(words.variables, longest=LONGEST), storable(words.answer, longest=LONGEST))
    return seal(settings, json.encode(short), context=f"{CONTEXT}:{account_id}")


def words_of(settings: Settings, alert: Alert) -> Words:
    """Both blank where there was no request, or what it said was forgotten."""
    if alert.sealed_words is None:
        return Words()
    return json.decode(unseal(settings, alert.sealed_words, context=f"{CONTEXT}:{alert.account_id}"), type=Words)
