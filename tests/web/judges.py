"""What is asked of a page in the browser: accessible, inside the window, within its content security policy."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Error, Page

from tests.web.waiting import wait_for
from tests.wire.packages import node_modules

WIDTHS = {320: 640, 768: 1024, 1280: 800}
SCHEMES = ("light", "dark")
CRITERIA = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_WATCH_POLICY = """
window.policyViolations = [];
addEventListener("securitypolicyviolation", (event) =>
  policyViolations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile ?? ""}`));
"""
_RUN_AXE = """
async (options) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"], ...options });
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html, failureSummary }) => `${id}: ${html.slice(0, 300)}\\n${failureSummary}`));
}
"""
_WIDER_THAN_WINDOW = """
() => {
  const wide = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth <= wide) return [];
  const shown = [...document.body.querySelectorAll("*")].filter((element) => element.checkVisibility());
  return shown.filter((element) => element.getBoundingClientRect().right > wide + 0.5)
    .map((element) => `${element.tagName.toLowerCase()}.${element.className}`.slice(0, 80))
    .slice(0, 8).concat(`${document.scrollingElement.scrollWidth} px`);
}
"""

_PICTURES_ARE_THERE = """
() => Promise.all([document.fonts.ready, ...[...document.images].map((image) => image.decode().catch(() => null))])
"""
# New colours begin to move with the next picture that the browser draws, and an inherited one after its parent's.
_NOTHING_MOVES = """
async () => {
  for (let round = 0, moving = [1]; moving.length && round < 20; round += 1) {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    moving = document.getAnimations();
    await Promise.all(moving.map((movement) => movement.finished.catch(() => null)));
  }
}
"""


def watch_policy(page: Page) -> None:
    """From the next load on, remember what the content security policy forbids."""
    page.add_init_script(_WATCH_POLICY)


def policy_violations(page: Page) -> list[str]:
    return list(page.evaluate("window.policyViolations"))


def accessibility_violations(page: Page, scheme: str) -> list[str]:
    """What axe finds, and where. Dark is the same page in other colours, so there the contrasts are judged."""
    _dress(page, scheme)
    if not page.evaluate("'axe' in window"):
        # Through the debugger, because the page's own policy rightly lets no inline script in.
        page.evaluate((node_modules() / "axe-core" / "axe.min.js").read_text())
    by_criteria = {"type": "tag", "values": CRITERIA}
    by_rule = {"type": "rule", "values": ["color-contrast"]}
    return list(page.evaluate(_RUN_AXE, {"runOnly": by_criteria if scheme == "light" else by_rule}))


def _dress(page: Page, scheme: str) -> None:
    """Change the colours, and wait until they have."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(_NOTHING_MOVES)


def wider_than_window(page: Page, width: int) -> list[str]:
    """The elements that stick out to the right of a window of this width."""
    page.set_viewport_size({"width": width, "height": WIDTHS[width]})
    _dress(page, "light")
    # Fonts, pictures and words from the event stream may still be on their way to a page that was opened just now.
    with suppress(Error):
        wait_for(page, f"() => window.innerWidth === {width} && ({_WIDER_THAN_WINDOW})().length === 0")
    return list(page.evaluate(_WIDER_THAN_WINDOW))


def put_on_contact_sheet(page: Page, name: str) -> list[Path]:
    """Pictures of the page for people to look at; at every width in both schemes where a folder is asked for."""
    folder = contact_sheet()
    widths = WIDTHS if os.environ.get("OCTAVO_CONTACT_SHEET") else {320: WIDTHS[320]}
    made = []
    for scheme in SCHEMES:
        _dress(page, scheme)
        for width, height in widths.items():
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate(
                "Promise.all([document.fonts.ready, ...[...document.images].map((i) => i.decode().catch(() => 0))])"
            )
            path = folder / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=path, full_page=True, animations="disabled", scale="css")
            made.append(path)
    return made


def contact_sheet() -> Path:
    """The folder that OCTAVO_CONTACT_SHEET names, else one in the system's temporary folder."""
    folder = Path(os.environ.get("OCTAVO_CONTACT_SHEET") or Path(tempfile.gettempdir()) / "octavo-contact-sheet")
    folder.mkdir(parents=True, exist_ok=True)
    return folder
