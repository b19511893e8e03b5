"""What people wrote, where callbacks carry it: sealed as long as it lies here, beside a form in which it is blank."""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from msgspec import structs

from octavo.kernel.callbacks._sender import Form
from octavo.kernel.callbacks.rows import Delivery, ListedDelivery
from octavo.kernel.secrets import seal, unseal
from octavo.settings import Settings

PERSONAL = "callbacks.personal"  # what sealed words are bound to, with their owner's id: a replay has the same


def seal_fields(settings: Settings, owner_id: UUID, fields: Iterable[tuple[str, str]]) -> bytes:
    """For `Callback.sealed_fields`: the values of fields that stand blank in its form."""
    return seal_words(settings, owner_id, urlencode(list(fields)))


def seal_words(settings: Settings, owner_id: UUID, words: str) -> bytes:
    return seal(settings, words.encode(), context=f"{PERSONAL}:{owner_id}")


def opened(settings: Settings, one: Delivery) -> Delivery:
    """The callback with its whole form."""
    if one.sealed_fields is None:
        return one
    return structs.replace(one, fields=_whole(settings, one.owner_id, one.fields, one.sealed_fields))


def opened_listed(settings: Settings, one: ListedDelivery) -> ListedDelivery:
    """The same for the inspector, with the answer."""
    fields, answer = one.fields, one.answer
    if one.sealed_fields is not None:
        fields = _whole(settings, one.owner_id, fields, one.sealed_fields)
    if one.sealed_answer is not None:
        answer = _open(settings, one.owner_id, one.sealed_answer)
    return structs.replace(one, fields=fields, answer=answer, sealed_fields=None, sealed_answer=None)


def _whole(settings: Settings, owner_id: UUID, fields: str, sealed: bytes) -> str:
    words = dict(parse_qsl(_open(settings, owner_id, sealed), keep_blank_values=True))
    form: Form = parse_qsl(fields, keep_blank_values=True)
    return urlencode([(name, words.get(name, value)) for name, value in form])


def _open(settings: Settings, owner_id: UUID, sealed: bytes) -> str:
    return unseal(settings, sealed, context=f"{PERSONAL}:{owner_id}").decode()
