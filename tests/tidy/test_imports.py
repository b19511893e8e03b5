"""Who may import whom, where the import linter's contracts do not reach: faces, private files and rooms."""

import re

from tests.tidy.house import OCTAVO, Source, sources

LAYERS = ("rows", "rules", "queries", "actions")  # each may import only those before it; the rest may import all
FACES = re.compile(r"^octavo\.kernel\.(\w+)\.(\w+)")
OPEN_TO_APP = {"module", "commands"}


def belongs_to(source: Source, package: str) -> bool:
    return source.module == package or source.module.startswith(f"{package}.")


def face_of(package: str) -> set[str]:
    """The names a kernel package offers; one may be called like the file it comes from."""
    text = (OCTAVO / "kernel" / package / "__init__.py").read_text()
    return set(re.findall(r'^    "(\w+)",$', text, re.MULTILINE))


def test_private_files_are_imported_only_inside_their_package() -> None:
    trespass = []
    for source in sources():
        for name in source.imports():
            parts = name.split(".")
            private = next(
                (i for i, part in enumerate(parts) if part.startswith("_") and not part.startswith("__")), None
            )
            if parts[0] == "octavo" and private and not belongs_to(source, ".".join(parts[:private])):
                trespass.append(f"{source.name} imports {name}")
    assert not trespass


def test_a_kernel_package_is_used_through_its_face() -> None:
    trespass = []
    for source in sources():
        for name in source.imports():
            found = FACES.match(name)
            if not found or belongs_to(source, f"octavo.kernel.{found[1]}"):
                continue
            inner = OCTAVO / "kernel" / found[1] / found[2]
            is_file = inner.with_suffix(".py").exists() or inner.is_dir()
            for_app = found[2] in OPEN_TO_APP and source.module.startswith(("octavo.app", "octavo.cli"))
            if is_file and not for_app and found[2] not in face_of(found[1]):
                trespass.append(f"{source.name} imports {name}")
    assert not trespass


def test_inside_a_room_the_layers_are_kept() -> None:
    wrong = []
    for source in sources():
        layer = source.path.stem
        if layer not in LAYERS:
            continue
        above = {*LAYERS[LAYERS.index(layer) + 1 :], "routes", "jobs", "wire"}
        room = source.package
        for name in source.imports():
            inner = name.removeprefix(f"{room}.").split(".")[0]
            if name.startswith(f"{room}.") and inner in above:
                wrong.append(f"{source.name} imports {inner}")
    assert not wrong


def test_products_do_not_know_one_another() -> None:
    wrong = [
        f"{source.name} imports {name}"
        for source in sources("octavo/products")
        for name in source.imports()
        if name.startswith("octavo.products.")
        and not f"{name}.".startswith(".".join(source.module.split(".")[:3]) + ".")
    ]
    assert not wrong
