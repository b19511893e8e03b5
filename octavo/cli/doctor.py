"""`octavo doctor`: look at everything Octavo needs, and say in one line each what is well and what is not."""

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import imageio_ffmpeg

from octavo.cli.engines import database_url
from octavo.cli.options import DataOption, JsonOption
from octavo.cli.store import require_store
from octavo.kernel.db import Database, EmbeddedServer
from octavo.settings import Settings, describe_settings, load_settings
from octavo.ui.node import node_command

LITTLE_DISK = 5 * 1024**3


def doctor(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Check the settings, the data directory, the store of files, the database, ffmpeg, Node and the built pages."""
    settings = load_settings(data)
    findings = list(examine(settings))
    if as_json:
        print(json.dumps([{"check": name, "ok": ok, "detail": detail} for name, ok, detail in findings]))
    else:
        for name, ok, detail in findings:
            print(f"{'ok ' if ok else 'BAD'}  {name:16} {detail}")
        for setting in describe_settings():
            if setting.variable in os.environ:
                print(f"     {setting.variable} is set")
    if not all(ok for _, ok, _ in findings):
        raise SystemExit(1)


def examine(settings: Settings) -> Iterator[tuple[str, bool, str]]:
    """Each finding: what was looked at, whether it is well, and what was seen or what to do."""
    checks: dict[str, Callable[[Settings], str]] = {
        "data directory": data_directory,
        "disk": disk,
        "store": store,
        "database": database,
        "ffmpeg": ffmpeg,
        "node": node,
        "pages": pages,
    }
    for name, look in checks.items():
        try:
            yield name, True, look(settings)
        except Exception as problem:  # whatever is wrong is the finding
            yield name, False, str(problem)


def data_directory(settings: Settings) -> str:
    folder = settings.data_dir
    if not os.access(_nearest(folder), os.W_OK):
        raise PermissionError(f"{folder} cannot be written; choose another with --data.")
    return f"{folder}{'' if folder.exists() else ' (made at the first start)'}"


def disk(settings: Settings) -> str:
    free = shutil.disk_usage(_nearest(settings.data_dir)).free
    if free < LITTLE_DISK:
        raise OSError(f"{free / 1024**3:.1f} GiB free; films need more than {LITTLE_DISK // 1024**3} GiB.")
    return f"{free / 1024**3:.0f} GiB free"


def store(settings: Settings) -> str:
    """Puts, reads, lists and deletes something small. A folder is made at the first start, on the disk above."""
    blobs = settings.blobs
    if blobs.engine == "local":
        return f"files lie in {blobs.path or settings.data_dir / 'blobs'}"
    require_store(settings)
    return f"the bucket {blobs.bucket} at {blobs.endpoint or blobs.engine} takes, gives and deletes files"


def database(settings: Settings) -> str:
    """Asks it something. Where there is none yet, one is tried out in a folder of its own: looking makes nothing."""
    if settings.db.url:
        return f"PostgreSQL {asyncio.run(_version(settings, settings.db.url))} answers"
    if settings.data_dir.exists():
        with database_url(settings) as url:
            return f"the embedded PostgreSQL {asyncio.run(_version(settings, url))} answers"
    with tempfile.TemporaryDirectory(prefix="octavo-doctor-") as folder:
        server = EmbeddedServer(Path(folder), settings.db)
        try:
            server.start()
        finally:
            server.stop()
    return "the embedded PostgreSQL can start"


async def _version(settings: Settings, url: str) -> str:
    opened = await Database.open(url, settings.db, application="doctor")
    try:
        return str(await opened.value("SHOW server_version"))
    finally:
        await opened.close()


def ffmpeg(_: Settings) -> str:
    return _first_line([imageio_ffmpeg.get_ffmpeg_exe(), "-version"])


def node(_: Settings) -> str:
    return _first_line(node_command("--version"))


def pages(_: Settings) -> str:
    manifest = Path(__file__).parents[1] / "ui" / "dist" / "manifest.json"
    if not manifest.exists():
        raise FileNotFoundError("The pages are not built; run ./dev ui.")
    return f"{len(json.loads(manifest.read_text()))} files built"


def _nearest(folder: Path) -> Path:
    """The folder itself, or the first above it that exists."""
    return next(found for found in (folder, *folder.parents) if found.exists())


def _first_line(command: list[str]) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout.splitlines()[0]
