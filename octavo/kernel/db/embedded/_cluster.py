"""The database files: made under another name and renamed when complete, so that they are there whole or not at all."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from octavo.kernel.db.embedded._program import MAJOR_VERSION, ending_with_parent, identity, program
from octavo.kernel.db.embedded._reasons import CannotStart, explain

USER = "octavo"
DATABASE = "octavo"
_OWN_DATABASES = 3  # postgres, template0, template1
_INITDB_SECONDS = 120
_UNFINISHED = ".unfinished-"


def make_cluster(cluster: Path) -> None:
    """Make the database files unless they are there. What an interrupted attempt left is thrown away."""
    if (cluster / "PG_VERSION").is_file():
        _check_version(cluster)
        _own(cluster)
        return
    if cluster.exists() and any(cluster.iterdir()):
        raise CannotStart(
            f"{cluster} is not empty and not a database. Move it away, or choose another --data directory."
        )
    for old in cluster.parent.glob(f"{cluster.name}{_UNFINISHED}*"):
        shutil.rmtree(old, ignore_errors=True)
    # A name of its own for each attempt: the programs of a killed one may still be tidying up under theirs.
    unfinished = Path(tempfile.mkdtemp(prefix=cluster.name + _UNFINISHED, dir=cluster.parent))
    try:
        _own(unfinished)
        _run_initdb(unfinished)
        _create_database(unfinished)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    if cluster.exists():
        cluster.rmdir()
    unfinished.rename(cluster)
    _sync_directory(cluster.parent)


def _check_version(cluster: Path) -> None:
    found = (cluster / "PG_VERSION").read_text().strip()
    if found != MAJOR_VERSION:
        raise CannotStart(
            f"The database in {cluster} was made by PostgreSQL {found}, and this Octavo brings {MAJOR_VERSION}. "
            "Start the Octavo that made it and export, or choose another --data directory. Nothing was touched."
        )


def _own(cluster: Path) -> None:
    """PostgreSQL insists on owning its files; who it runs as may differ from the last time, for root in containers."""
    uid = identity().uid
    if cluster.stat().st_uid == uid:
        return
    for folder, _, files in os.walk(cluster):
        for path in (folder, *(os.path.join(folder, name) for name in files)):
            os.chown(path, uid, -1, follow_symlinks=False)


def _run_initdb(target: Path) -> None:
    # The builtin locale sorts by code point and knows upper and lower case, the same on every host, without ICU.
    command = [
        str(program("initdb")),
        f"--pgdata={target}",
        f"--username={USER}",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--auth-local=trust",
        "--auth-host=scram-sha-256",
        "--no-instructions",
    ]
    _run(command, target)


def _create_database(target: Path) -> None:
    # In single-user mode, so that a cluster without its database is never seen by anyone.
    command = [str(program("postgres")), "--single", "-D", str(target), "postgres"]
    _run(command, target, said=f"CREATE DATABASE {DATABASE};\n")
    databases = [path for path in (target / "base").iterdir() if path.name.isdecimal()]
    if len(databases) != _OWN_DATABASES + 1:
        raise CannotStart(f"The database in {target} could not be made.")


def _run(command: list[str], target: Path, *, said: str = "") -> None:
    try:
        done = subprocess.run(
            [*identity().prefix, *ending_with_parent(), *command],
            input=said,
            capture_output=True,
            text=True,
            timeout=_INITDB_SECONDS,
            env=quiet_environment(),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise CannotStart(f"Making the database in {target} took over {_INITDB_SECONDS} seconds.") from error
    if done.returncode != 0 or "FATAL" in done.stderr or "ERROR" in done.stderr:
        raise explain(target.parent, done.stdout + done.stderr)


def _sync_directory(directory: Path) -> None:
    """Make the rename itself durable."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def quiet_environment() -> dict[str, str]:
    """No PG* variable of the caller reaches the server's programs."""
    return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}
