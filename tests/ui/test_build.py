"""The built files: complete, within their budgets, and with no more than what is used."""

import gzip
import json
import re
from pathlib import Path

import pytest

from octavo.ui import build as built
from octavo.ui.node import node_command
from tests.tidy.house import OCTAVO

KB = 1000


@pytest.fixture(scope="module")
def manifest() -> dict[str, str]:
    built.build()
    names: dict[str, str] = json.loads((built.DIST / "manifest.json").read_text())
    return names


def zipped(*names: str) -> int:
    return sum(len(gzip.compress((built.DIST / name).read_bytes(), 9)) for name in names)


def parts_of(name: str) -> set[str]:
    """The file and all that it imports at once; what it imports later is not in it."""
    found, waiting = set(), [name]
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += re.findall(r'(?:from|import)\s*"\./([\w.-]+\.js)"', (built.DIST / file).read_text())
    return found


def test_the_first_load_is_small(manifest: dict[str, str]) -> None:
    scripts = zipped(manifest["theme.js"], *parts_of(manifest["octavo.js"]))
    styles = zipped(manifest["octavo.css"])
    assert scripts <= 20 * KB
    assert styles <= 12 * KB
    assert scripts + styles + zipped(manifest["icons.svg"]) <= 55 * KB, "with 5 kB left for the page itself"


def test_the_font_is_small(manifest: dict[str, str]) -> None:
    fonts = [name for name in manifest.values() if name.endswith(".woff2")]
    assert sum((built.DIST / name).stat().st_size for name in fonts) <= 50 * KB


@pytest.mark.parametrize(("island", "most"), [("player", 300), ("uploader", 40), ("progress", 40)])
def test_an_island_keeps_its_budget(manifest: dict[str, str], island: str, most: int) -> None:
    lazily = {name for name in manifest.values() if "shaka" in (built.DIST / name).read_text(errors="ignore")[:20000]}
    late = lazily if island == "player" else set()
    assert zipped(*(parts_of(manifest[f"{island}.js"]) | {name for name in late if name.endswith(".js")})) <= most * KB


def test_the_player_loads_its_core_only_when_it_plays(manifest: dict[str, str]) -> None:
    assert zipped(*parts_of(manifest["player.js"])) <= 20 * KB


def test_every_named_file_exists_and_says_its_hash(manifest: dict[str, str]) -> None:
    for name, file in manifest.items():
        assert (built.DIST / file).is_file()
        # The service worker must keep its address.
        assert name == "service-worker.js" or re.search(r"-[A-Z0-9]{8}\.\w+$", file)


def test_building_again_does_nothing(manifest: dict[str, str]) -> None:
    assert manifest
    assert built.build() is False


def test_every_icon_in_use_is_in_the_sprite(manifest: dict[str, str]) -> None:
    sprite = (built.DIST / manifest["icons.svg"]).read_text()
    assert set(re.findall(r'symbol id="([^"]+)"', sprite)) == set(built.used_icons())
    assert {"clapperboard", "pause", "circle-alert", "chevron-down"} <= set(built.used_icons())


@pytest.mark.slow
def test_the_islands_are_typed() -> None:
    built.check_types()


def test_a_failure_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(built, "UI", tmp_path)
    with pytest.raises(built.BuildFailed, match="The pages could not be built"):
        built._run(node_command("nothing.mjs"), on_failure="The pages could not be built")


def test_no_template_has_inline_styles_or_scripts() -> None:
    for path in OCTAVO.glob("**/templates/**/*.html"):
        text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
        assert not re.search(r"<[^>]*\s(style|on\w+)=", text), path
        assert "<style" not in text, path
        assert not re.search(r"<script(?![^>]*(src=|application/ld\+json))", text), path


def test_the_licences_of_all_that_is_inside_are_passed_on(manifest: dict[str, str]) -> None:
    text = (built.DIST / manifest["licences.txt"]).read_text()
    for package in ("@fontsource-variable/figtree", "htmx.org", "lucide-static", "shaka-player", "tus-js-client"):
        assert re.search(rf"^{package} [\d.]+ \(", text, re.MULTILINE), package
    assert "Permission to use, copy, modify, and/or distribute this software" in text
