"""Builds the pages' styles, islands and icons with the Node of a Python wheel: `python -m octavo.ui.build`.

Nothing is done while the inputs are unchanged. An installed wheel brings dist/ along and has nothing to build.
"""

import argparse
import fcntl
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import typer

from octavo.kernel.processes import die_with_parent
from octavo.ui.catalogues import island_strings
from octavo.ui.node import node_command, npm_command

UI = Path(__file__).parent
OCTAVO = UI.parent
DIST = UI / "dist"
MODULES = UI / "node_modules"
INPUT_FOLDERS = ("css", "ts")
INPUT_FILES = ("build.mjs", "icons.mjs", "package-lock.json", "tsconfig.json")
ICON = re.compile(r"""[iI]con(?:_?[bB]utton)?["']?\s*(?:\((?:\w+, )?|=|:)\s*["']([a-z0-9]+(?:-[a-z0-9]+)*)["']""")
ICON_TABLE = re.compile(r"""set icons? = (\{[^}]*\})""")


class BuildFailed(Exception):
    """The pages could not be built; the message is one sentence that says why and what to do."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m octavo.ui.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="check the types of the TypeScript as well")
    parser.add_argument("--force", action="store_true", help="build even though nothing changed")
    parser.add_argument("--readable", action="store_true", help="keep the output readable, for work in the browser")
    options = parser.parse_args(arguments)
    try:
        built = build(force=options.force, minify=not options.readable)
        if options.check:
            check_types()
    except BuildFailed as failure:
        typer.echo(failure, err=True)
        return 1
    typer.echo("The pages are built." if built else "The pages are up to date.")
    return 0


def build(*, force: bool = False, minify: bool = True) -> bool:
    """Builds dist/ when its inputs have changed; says whether it did. Raises BuildFailed."""
    if not (UI / "build.mjs").exists():
        return False
    with _one_at_a_time():
        request = json.dumps({"icons": used_icons(), "strings": island_strings(OCTAVO), "minify": minify})
        inputs = _hash_inputs(request)
        stamp = DIST / ".inputs"
        if not force and stamp.exists() and stamp.read_text() == inputs and (DIST / "manifest.json").exists():
            return False
        install_packages()
        _say("Building styles, islands and icons")
        _run(node_command("build.mjs"), stdin=request, on_failure="The pages could not be built")
        stamp.write_text(inputs)
        return True


def check_types() -> None:
    """Runs the TypeScript compiler over the islands without output. Raises BuildFailed."""
    install_packages()
    _say("Checking types")
    compiler = node_command("node_modules/typescript/lib/tsc.js", "--project", ".")
    _run(compiler, on_failure="The islands' types are wrong")


def install_packages() -> None:
    """npm ci, once per lock file."""
    wanted = _hash((UI / "package-lock.json").read_bytes())
    stamp = MODULES / ".installed"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    _say("Fetching the packages of the pages")
    command = npm_command("ci", "--ignore-scripts", "--no-progress", "--loglevel=error")
    _run(command, on_failure="npm could not fetch the packages of the pages; check the network")
    stamp.write_text(wanted)


def used_icons() -> list[str]:
    """The names of all icons that templates, code and islands ask for, so that the sprite holds no others."""
    names: set[str] = set()
    for path in _sources():
        text = path.read_text(encoding="utf-8")
        names.update(ICON.findall(text))
        for table in ICON_TABLE.findall(text):
            names.update(re.findall(r""":\s*["']([a-z0-9-]+)["']""", table))
    return sorted(names)


def _sources() -> Iterator[Path]:
    for pattern in ("kernel/**/*.html", "products/**/*.html", "products/**/*.py", "ui/templates/*.html", "ui/*.py"):
        yield from sorted(OCTAVO.glob(pattern))
    yield from sorted((UI / "ts").glob("**/*.ts"))


def _hash_inputs(request: str) -> str:
    files = [UI / name for name in INPUT_FILES]
    files += [path for folder in INPUT_FOLDERS for path in sorted((UI / folder).rglob("*")) if path.is_file()]
    return _hash(request.encode(), *(path.name.encode() + b"\0" + path.read_bytes() for path in files if path.exists()))


def _hash(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _run(command: Sequence[str], *, on_failure: str, stdin: str = "") -> None:
    done = subprocess.run(
        command, cwd=UI, input=stdin, capture_output=True, text=True, check=False, timeout=600,
        preexec_fn=die_with_parent(),
    )  # fmt: skip
    if done.returncode:
        said = (done.stdout + done.stderr).strip()
        raise BuildFailed(f"{on_failure}. It said:\n{said[-3000:]}")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two builds at once would delete each other's files."""
    DIST.mkdir(exist_ok=True)
    with (DIST / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _say(sentence: str) -> None:
    typer.echo(f"{sentence} ...", err=True)


if __name__ == "__main__":
    sys.exit(main())
