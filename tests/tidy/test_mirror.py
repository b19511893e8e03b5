"""The tests mirror the house: whoever knows where the code is knows where its tests are."""

from tests.tidy.house import OCTAVO, ROOT, sources


def test_every_kernel_package_and_product_has_its_tests() -> None:
    rooms = [path for parent in ("kernel", "products") for path in sorted((OCTAVO / parent).iterdir()) if path.is_dir()]
    names = [room.relative_to(OCTAVO) for room in rooms if (room / "__init__.py").exists()]
    without = [str(name) for name in names if not list((ROOT / "tests" / name).rglob("test_*.py"))]
    assert names
    assert not without


def test_every_tests_folder_has_a_room() -> None:
    for parent in ("kernel", "products"):
        folders = {source.path.relative_to(ROOT / "tests" / parent).parts[0] for source in sources(f"tests/{parent}")}
        strays = [
            name
            for name in folders
            if not name.endswith(".py") and name != "__pycache__" and not (OCTAVO / parent / name).exists()
        ]
        assert not strays
