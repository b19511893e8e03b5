"""`octavo demo`: a running Octavo with an account and a film in it, and what to open."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from octavo.cli.demo_account import DemoAccount, demo_account
from octavo.cli.demo_client import DemoClient, DemoFailed
from octavo.cli.options import DataOption, PortOption
from octavo.cli.sample import CREDIT, is_big_buck_bunny, sample_film
from octavo.kernel.processes import die_with_parent

words = Console(stderr=True, highlight=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """What happened to the film: seconds from the first uploaded byte until it could be watched, and until the end."""

    title_id: str
    first_playable: float
    complete: float


def demo(
    data: DataOption = None,
    port: PortOption = None,
    file: Annotated[
        Path | None, typer.Option("--file", exists=True, dir_okay=False, help="A film of your own.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="On a free port and a throw-away folder: play it and report.")
    ] = False,
) -> None:
    """Start Octavo, make a demo account, encode a film, and say what to open."""
    try:
        raise SystemExit(check_demo(file) if check else run_demo(data, port, file))
    except DemoFailed as failure:
        words.print(f"The demo stopped. {failure}", style="red")
        raise SystemExit(1) from None


def run_demo(data: Path | None, port: int | None, file: Path | None) -> int:
    folder = (data or Path("octavo-data")).absolute()
    words.print("Starting Octavo…")
    with running(folder, port) as (process, url):
        account = demo_account(folder)
        client = DemoClient(url, account.username, account.password)
        existing = client.titles()
        if file is None and existing:
            words.print("The film from last time is still there.")
            title_id = str(existing[0]["id"])
            say_what_to_open(url, title_id, account)
        else:
            show_film(client, film_or_sample(file), lambda title_id: say_what_to_open(url, title_id, account))
        return wait_for_end(process)


def check_demo(file: Path | None) -> int:
    """Everything the demo does, played and judged; one line of JSON."""
    from octavo.cli.demo_check import play

    folder = Path(tempfile.mkdtemp(prefix="octavo-check-"))
    try:
        with running(folder, 0) as (_, url):
            account = demo_account(folder)
            client = DemoClient(url, account.username, account.password)
            shown = show_film(client, film_or_sample(file), lambda _: None)
            played = play(client, client.playback(shown.title_id))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    seconds = {"first_playable_seconds": round(shown.first_playable, 2), "complete_seconds": round(shown.complete, 2)}
    print(
        json.dumps(
            {"url": url, **seconds, "renditions": played.renditions, "bytes": played.bytes, "faults": played.faults}
        )
    )
    return 1 if played.faults else 0


@contextmanager
def running(folder: Path, port: int | None) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`octavo up` as a process of its own, ended at the end."""
    command = [sys.executable, "-m", "octavo.cli", "up", "--data", str(folder), "--json", "--quiet"]
    command += [] if port is None else ["--port", str(port)]
    # However the demo ends, Octavo ends with it, in order.
    ending = die_with_parent(signal.SIGTERM)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=ending)
    try:
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            raise DemoFailed("Octavo did not start; the lines above say why.")
        yield process, json.loads(line)["url"]
    finally:
        end(process)


def show_film(client: DemoClient, film: Path, playable: Any) -> Shown:
    """Upload, publish and encode one film with a progress bar; `playable` is called with its title's id once."""
    started = time.monotonic()
    columns = (
        TextColumn("{task.description:>12}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=words) as bars:
        bar = bars.add_task("uploading", total=1)
        asset_id = client.upload(film, lambda done: bars.update(bar, completed=done))
        title_id = str(client.title_of(asset_id)["id"])
        client.publish(title_id, **describe(film))
        bar = bars.add_task("encoding", total=1)
        first = 0.0
        for seen in client.progress(title_id):
            bars.update(bar, completed=seen["progress"])
            if not first and seen["state"] in {"playable", "complete"}:
                first = time.monotonic() - started
                bars.console.print(f"It can be watched after {first:.1f} seconds; better qualities are still encoding.")
                playable(title_id)
    return Shown(title_id, first, time.monotonic() - started)


def describe(film: Path) -> dict[str, str]:
    if is_big_buck_bunny(film):
        return {"title": "Big Buck Bunny", "description": f"A giant rabbit meets three bullies. #animation\n\n{CREDIT}"}
    return {"title": film.stem.replace("-", " ").replace("_", " ").capitalize(), "description": "Uploaded by the demo."}


def film_or_sample(file: Path | None) -> Path:
    if file is None:
        words.print("Fetching the sample film…")
    return file or sample_film()


def say_what_to_open(url: str, title_id: str, account: DemoAccount) -> None:
    words.print(f"\n  Watch   {url}/video/titles/{title_id}", style="bold", soft_wrap=True)  # one line, to be clicked
    words.print(f"  Home    {url}/video")
    words.print(f"  Sign in as [bold]{account.username}[/] with the password [bold]{account.password}[/]")
    words.print("  Stop with Ctrl-C; your films stay in the data directory.\n")


def wait_for_end(process: subprocess.Popen[str]) -> int:
    try:
        return process.wait()
    except KeyboardInterrupt:
        words.print("Stopping…")
        return end(process)


def end(process: subprocess.Popen[str]) -> int:
    """In order; should that take far longer than it ever does, at once."""
    process.send_signal(signal.SIGTERM)
    try:
        return process.wait(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()
