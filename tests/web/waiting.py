"""Waiting for a page to be in some state."""

from __future__ import annotations

from playwright.sync_api import Page

PATIENCE = 60_000  # milliseconds; a busy machine is slow, not broken
LONG_PATIENCE = 120_000
_LOOK_AGAIN = """
([argument, patience, source]) => new Promise((resolve, reject) => {
  const condition = CONDITION;
  const end = performance.now() + patience;
  const look = () => {
    if (condition(argument)) resolve();
    else if (performance.now() > end) reject(new Error(`still not: ${source}`));
    else setTimeout(look, 50);
  };
  look();
})
"""


def wait_for(page: Page, condition: str, argument: object = None, *, patience: int = PATIENCE) -> None:
    """Until the JavaScript function says yes. Playwright's own way needs `eval`, which our pages rightly forbid."""
    page.evaluate(_LOOK_AGAIN.replace("CONDITION", condition), [argument, patience, condition])
