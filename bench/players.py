"""hls.js and Shaka, as their makers ship them, over a line of 3 Mbit/s: the first frame, and whether the film stalls.

Warm means that the browser has loaded the player and opened the film once before; of the film itself it keeps nothing.
"""

import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import imageio_ffmpeg
from playwright.sync_api import Browser, Page, sync_playwright

from bench.clip import lengthened, sample_clip
from bench.frame import Measure
from bench.titles import an_octavo, complete, upload
from octavo.kernel.media.delivery import tokens
from octavo.kernel.media.delivery.keys import playback_keys
from octavo.settings import load_settings
from tests.web.chromium import running_chromium
from tests.web.foreign_page import foreign_site
from tests.web.network import Line
from tests.wire.accounts import signed_up

PLAYERS = ("hls.js", "shaka")
LINE = 3_000_000  # bits per second
FILM_SECONDS, WATCHED_SECONDS = 66.0, 60.0
STARTS = 5
PATIENCE = 30.0
FIRST_FRAME, STALLS = 1.0, 0.5  # seconds; and none, as a bound that none is under


def run() -> list[Measure]:
    with tempfile.TemporaryDirectory(prefix="octavo-bench-") as folder:
        room = Path(folder)
        film = lengthened(_in_720_lines(sample_clip(), room), FILM_SECONDS, room)
        with (
            an_octavo(room / "data", OCTAVO_MEDIA_PLAYBACK_ORIGINS="*") as octavo,
            closing(signed_up(octavo.url)) as client,
        ):
            asset_id = upload(client, film)[0]
            paths = _addresses(room / "data", UUID(asset_id), complete(client, asset_id)["hls_url"])
            urls = [octavo.url + path for path in paths]
            with foreign_site() as site, running_chromium(room / "profile") as chromium, sync_playwright() as driver:
                browser = driver.chromium.connect_over_cdp(chromium)
                return [measure for player in PLAYERS for measure in _watch(browser, site, player, urls)]


def _in_720_lines(clip: Path, room: Path) -> Path:
    """What is above them needs more than the line gives, and no player would begin with it."""
    out = room / "clip.mp4"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-nostdin", "-i", str(clip), "-vf", "scale=-2:720"]
    subprocess.run([*command, "-preset", "ultrafast", "-crf", "16", "-c:a", "copy", str(out)], check=True)
    return out


def _addresses(data_dir: Path, asset_id: UUID, path: str) -> list[str]:
    """The film under other tokens, so that no browser knows it from before."""
    settings = load_settings(data_dir, environ={})
    ends = tokens.expiry(datetime.now(UTC), timedelta(hours=1))
    later = [ends + n * tokens.STEP for n in range(STARTS + 1)]
    signed = [tokens.sign(asset_id, moment, playback_keys(settings)[0]) for moment in later]
    rest = path.split("/", 3)[3]
    return [f"/play/{token}/{rest}" for token in signed]


def _watch(browser: Browser, site: str, player: str, urls: Sequence[str]) -> list[Measure]:
    """The middle of several starts; the last of them is watched."""
    context = browser.new_context()
    page = context.new_page()
    Line(page).limit(down=LINE)
    addresses = [f"{site}/?untouched&{urlencode({'player': player, 'url': url})}" for url in urls]
    starts = [_first_frame(page, address) for address in addresses][1:]
    give_up_at = time.monotonic() + WATCHED_SECONDS + PATIENCE
    while page.evaluate("film.currentTime") < WATCHED_SECONDS and time.monotonic() < give_up_at:
        time.sleep(0.5)
    seen = page.evaluate("({ at: film.currentTime, ...report })")
    print(f"{player}: starts {[round(start, 2) for start in starts]}; after {seen['at']:.0f} s: {seen}")
    context.close()
    if seen["errors"] or seen["at"] < WATCHED_SECONDS:
        raise SystemExit(f"{player} did not play on: {seen}")
    return [
        Measure(f"{player}, first frame at 3 Mbit/s", sorted(starts)[STARTS // 2], None, FIRST_FRAME, "s"),
        Measure(f"{player}, stalls in a minute", seen["stalls"], None, STALLS),
    ]


def _first_frame(page: Page, address: str) -> float:
    page.goto(address)
    page.evaluate("void play()")
    give_up_at = time.monotonic() + PATIENCE
    while (first := page.evaluate("report.firstFrame")) is None:
        if time.monotonic() > give_up_at:
            raise SystemExit(f"There was no picture: {page.evaluate('report')}")
        time.sleep(0.05)
    return float(first)
