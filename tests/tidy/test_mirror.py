"""The tests mirror the house: whoever knows where the code is knows where its tests are."""

from pathlib import Path

from tests.tidy.house import OCTAVO, ROOT, sources

ROOMS_OF = ("kernel", "products")
WHOLE = ("cli", "settings", "ui")


def rooms() -> list[Path]:
    """Every package that has tests of its own, below octavo/."""
    inner = [path for parent in ROOMS_OF for path in sorted((OCTAVO / parent).iterdir()) if path.is_dir()]
    found = [path.relative_to(OCTAVO) for path in (*inner, *(OCTAVO / name for name in WHOLE))]
    return [room for room in found if (OCTAVO / room / "__init__.py").exists()]


def test_every_package_has_its_tests() -> None:
    without = [str(room) for room in rooms() if not list((ROOT / "tests" / room).rglob("test_*.py"))]
    assert len(rooms()) > len(WHOLE)
    assert not without


def test_the_benches_have_their_tests() -> None:
    assert list((ROOT / "tests" / "bench").glob("test_*.py"))


def test_every_tests_folder_has_a_room() -> None:
    for parent in ROOMS_OF:
        folders = {source.path.relative_to(ROOT / "tests" / parent).parts[0] for source in sources(f"tests/{parent}")}
        strays = [
            name
            for name in folders
            if not name.endswith(".py") and name != "__pycache__" and not (OCTAVO / parent / name).exists()
        ]
        assert not strays
