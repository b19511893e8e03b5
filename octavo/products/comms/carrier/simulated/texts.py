"""Texts that handsets have got or say: sealed, so that beside the message itself nothing has them in clear."""

from uuid import UUID

from octavo.kernel.secrets import seal, unseal
from octavo.settings import Settings

CONTEXT = "comms.handset"  # what a text is bound to, with the account's id


def sealed(settings: Settings, account_id: UUID, text: str) -> bytes:
    return seal(settings, text.encode(), context=f"{CONTEXT}:{account_id}")


def opened(settings: Settings, account_id: UUID, text: bytes | None) -> str:
    """Blank where it was forgotten."""
    return "" if text is None else unseal(settings, text, context=f"{CONTEXT}:{account_id}").decode()
