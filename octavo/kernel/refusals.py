"""Refusals: what the domain will not do, and why, in words a person can act on.

The domain raises them; the request's dialect renders them (problem+json, a page, a foreign protocol's own body).
"""

import re
from collections.abc import Mapping
from typing import ClassVar


class Refusal(Exception):
    """A refusal states the fact. `detail` is one or two sentences for a person: what happened and what to do.

    `status` is the HTTP status it maps to, `fields` holds one message per wrong input field, and
    `extra` holds further members of the RFC 9457 problem document.
    """

    status: int = 400
    title: ClassVar[str] = "That cannot be done"

    def __init__(self, detail: str = "", *, fields: Mapping[str, str] | None = None, **extra: object) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.fields: Mapping[str, str] = fields or {}
        self.extra = extra

    @property
    def code(self) -> str:
        """A stable name for programs: `HandleTaken` is `handle-taken`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", type(self).__name__).lower()


class BadRequest(Refusal):
    status, title = 400, "The request could not be read"


class Unauthenticated(Refusal):
    status, title = 401, "Please sign in first"


class Forbidden(Refusal):
    status, title = 403, "You may not do that"


class NotFound(Refusal):
    status, title = 404, "There is nothing here"


class Conflict(Refusal):
    status, title = 409, "That conflicts with what is already there"


class Gone(Refusal):
    status, title = 410, "That is no longer here"


class PreconditionFailed(Refusal):
    status, title = 412, "It has changed since you last saw it"


class TooLarge(Refusal):
    status, title = 413, "That is too large"


class UnsupportedMedia(Refusal):
    status, title = 415, "That kind of content is not accepted here"


class Invalid(Refusal):
    """One or more inputs are wrong; `fields` says which and how."""

    status, title = 422, "Some fields need your attention"


class TooMany(Refusal):
    """Too many requests; `retry_after` is in whole seconds."""

    status, title = 429, "Too many attempts"

    def __init__(
        self, detail: str = "", *, retry_after: int, fields: Mapping[str, str] | None = None, **extra: object
    ) -> None:
        super().__init__(detail or f"Too many attempts. Try again in {retry_after} seconds.", fields=fields, **extra)
        self.retry_after = retry_after


class Unavailable(Refusal):
    """Something this needs is not answering now; nothing was stored, and trying again later may work."""

    status, title = 503, "Not available right now"


class StorageFull(Refusal):
    status, title = 507, "There is no room left on the disk"
