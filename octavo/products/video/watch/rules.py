"""Where a film goes on when someone comes back to it."""

from octavo.products.video.watch.rows import Position

BEGUN_AFTER = 5.0
"""Seconds; who left earlier only had a look, and starts at the start."""
CREDITS_SHARE = 0.05
CREDITS_MOST = 120.0
"""Who leaves in the last twentieth, or the last two minutes of a long film, has seen it."""


def finished(seconds: float, duration: float) -> bool:
    """Whether a viewer who stops at `seconds` has seen the film. A film of unknown length (0) is never finished."""
    return duration > 0 and seconds >= duration - min(duration * CREDITS_SHARE, CREDITS_MOST)


def resume_at(position: Position | None) -> float:
    """The second at which the film starts for a viewer with this position."""
    if position is None or position.finished or position.seconds < BEGUN_AFTER:
        return 0.0
    return position.seconds


def watched_share(position: Position, duration: float) -> float:
    """0 to 1, for the line under a poster."""
    if position.finished:
        return 1.0
    return min(position.seconds / duration, 1.0) if duration > 0 else 0.0


def within_film(seconds: float, duration: float) -> float:
    """A player's clock may run a frame past the end; while a film's length is unknown its clock is believed."""
    return min(seconds, duration) if duration > 0 else seconds
