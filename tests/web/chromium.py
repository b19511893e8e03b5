"""One Chromium for all browser tests of a process, reached over its debugging port.

Playwright's synchronous driver keeps an event loop running in its thread, beside which no asynchronous test can run.
So the driver lives as long as one module's tests, and the browser, which is slow to start, as long as all of them.
"""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from octavo.kernel.processes import die_with_parent

START_SECONDS = 60
OPTIONS = (
    "--headless",
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    # A page that no window shows would otherwise be slowed down, its timers and its film with it.
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--remote-debugging-port=0",
)


def chromium_path() -> str:
    path = shutil.which("chromium")
    assert path, "The browser tests need Chromium: ./dev test installs it, or says how."
    return path


@contextmanager
def running_chromium(profile: Path) -> Iterator[str]:
    """The address at which a new Chromium with this profile folder takes orders."""
    with (profile.parent / "chromium.log").open("wb") as log:
        process = subprocess.Popen(
            [chromium_path(), *OPTIONS, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=die_with_parent(),
        )
    try:
        yield f"http://127.0.0.1:{_port(process, profile / 'DevToolsActivePort')}"
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def _port(process: subprocess.Popen[bytes], announced: Path) -> int:
    """Chromium writes the port that it took, and then the path of its socket, into a file of its profile."""
    give_up_at = time.monotonic() + START_SECONDS
    while not (announced.exists() and len(lines := announced.read_text().split()) == 2):
        assert process.poll() is None, "Chromium ended at once."
        assert time.monotonic() < give_up_at, "Chromium did not start."
        time.sleep(0.05)
    return int(lines[0])
