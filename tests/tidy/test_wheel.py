"""What Octavo reads while it runs is in its wheel, beside the code that reads it."""

import tomllib
from pathlib import Path

from tests.tidy.house import OCTAVO, ROOT, tracked_files

READ_AT_RUN_TIME = {".html", ".po", ".sql", ".txt", ".typed"}


def patterns() -> list[str]:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["package-data"]["*"]
    return [str(pattern) for pattern in declared]


def package_of(path: Path) -> Path:
    return next(folder for folder in path.parents if (folder / "__init__.py").exists())


def test_every_file_that_is_read_at_run_time_is_packed() -> None:
    read = [path for path in tracked_files() if path.is_relative_to(OCTAVO) and path.suffix in READ_AT_RUN_TIME]
    left_out = [
        path.relative_to(ROOT).as_posix()
        for path in read
        if not any(path in package_of(path).glob(pattern) for pattern in patterns())
    ]
    assert len(read) > 20
    assert not left_out


def test_the_built_pages_are_packed() -> None:
    assert "dist/**" in patterns()
