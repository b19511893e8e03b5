"""Who may see a subject."""

from octavo.kernel.context import Actor
from octavo.kernel.refusals import NotFound
from octavo.kernel.subject.rows import Subject


class NoSuchSubject(NotFound):
    """It never existed, is gone, or is not for this person: all look alike."""


def may_view(subject: Subject, actor: Actor) -> bool:
    """Whether an actor may see the thing, and so like it, comment on it or report it."""
    if subject.state in {"public", "unlisted"}:
        return True
    return actor.user_id == subject.owner_id or not {"moderator", "system"}.isdisjoint(actor.roles)
