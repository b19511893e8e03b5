"""Watching: the signed addresses of a film, and the place where a viewer stopped."""

from octavo.kernel.context import Context
from octavo.kernel.media import Playback, Viewer, playback
from octavo.kernel.refusals import Conflict, Unauthenticated
from octavo.products.video.title import queries as titles
from octavo.products.video.title.rows import Title, TitleId
from octavo.products.video.watch import rules


class FilmNotReady(Conflict):
    def __init__(self) -> None:
        super().__init__("This film is not ready to be played yet. Its first part is being encoded; try again soon.")


async def play(ctx: Context, title: Title, viewer: Viewer) -> Playback:
    """Addresses that let this viewer, who may see the title, fetch its film until they expire. Raises FilmNotReady."""
    if title.asset_id is None or not title.watchable:
        raise FilmNotReady
    return await playback(ctx, title.asset_id, viewer)


async def keep_position(ctx: Context, title_id: TitleId, seconds: float) -> None:
    """Remembers where the viewer is. A late request of an older page does not move a newer position back."""
    if ctx.actor.user_id is None:
        raise Unauthenticated("Sign in, so that your place in a film can be kept.")
    title = await titles.title(ctx.db.main, title_id, ctx.actor)
    at = rules.within_film(seconds, title.duration)
    await ctx.db.main.execute(
        """
        INSERT INTO video.position (user_id, title_id, seconds, finished, watched_at)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (user_id, title_id) DO UPDATE
        SET seconds = excluded.seconds, finished = excluded.finished, watched_at = excluded.watched_at
        WHERE video.position.watched_at <= excluded.watched_at
        """,
        ctx.actor.user_id,
        title_id,
        at,
        rules.finished(at, title.duration),
        ctx.now,
    )
