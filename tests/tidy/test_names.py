"""Names say what a thing is, and nothing tells of the machine or the people it was written on."""

import re

from tests.tidy.house import ROOT, sources, tracked_files

VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common", "misc"}
FOREIGN = re.compile(
    r"/home/\w+/|/root/|/Users/\w+/|npmjs\.org|pypi\.org|pythonhosted|debian\.org"  # tidy: this line
)
TEXT = {".py", ".ts", ".mjs", ".css", ".html", ".sql", ".md", ".toml", ".json", ".txt", ".in", ".lock", ""}


def test_no_file_has_a_name_that_says_nothing() -> None:
    vague = [  # "base" is the name of a cascade layer in CSS
        path.relative_to(ROOT).as_posix()
        for path in tracked_files()
        if path.stem.lower() in VAGUE and path.suffix != ".css"
    ]
    assert not vague


def test_no_file_names_a_machine_or_a_package_index() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in tracked_files()
        if path.suffix in TEXT
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
        if FOREIGN.search(line) and "tidy: this line" not in line
    ]
    assert not found


def test_no_work_is_left_marked_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")  # tidy: this line
    found = [
        f"{source.name}:{number}"
        for source in (*sources(), *sources("bench"), *sources("tests"))
        for number, line in enumerate(source.text.splitlines(), 1)
        if later.search(line) and "tidy: this line" not in line
    ]
    assert not found
