"""A believable Octavo with people and films in every state, for the tests that look at each page."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.harness.running import RunningOctavo
from tests.web.comms_world import furnish_comms
from tests.web.films import a_landscape_film
from tests.web.landscape import DESERT, POLAR, SEA, VALLEY
from tests.web.people import Person, a_person

LONG_TITLE = "A journey of many words along the upper Danube and its steamship company " + "Donaudampfschiff" * 4
DESCRIPTION = """\
Two sisters cross a desert in the last carriage of a slow train, and tell each other what they never said at home.

Filmed over nine nights. #nighttrain #desert https://example.org/the-night-train"""
# The first is long enough to be left in the middle, and large enough to look well.
FILMS = {
    "night_train": {"palette": DESERT, "seed": 3, "seconds": 20, "width": 854, "height": 480},
    "salt": {"palette": SEA, "seed": 4, "seconds": 3},
    "bridges": {"palette": VALLEY, "seed": 5, "seconds": 4},
    "long": {"palette": POLAR, "seed": 6, "seconds": 2},
    "draft": {"palette": VALLEY, "seed": 8, "seconds": 2},
    "deleted": {"palette": SEA, "seed": 9, "seconds": 2},
}
CHAPTERS = [
    {"start": 0, "title": "Boarding"},
    {"start": 5, "title": "The steppe by night"},
    {"start": 14.5, "title": "What she never said"},
]
ANNOUNCED = {
    "title": "The lighthouse keeper’s daughter",
    "description": "Still being cut. #lighthouse",
    "release_date": "2027-02-14",
    "visibility": "public",
}


@dataclass(frozen=True)
class World:
    """`titles` by the names that the tests give them; `others` are ids of what is no title."""

    url: str
    people: dict[str, Person]
    titles: dict[str, str]
    others: dict[str, str]

    def path(self, template: str) -> str:
        """`/video/titles/{night_train}` with the title's id."""
        return template.format_map(self.titles | self.others)


def furnish(octavo: RunningOctavo, folder: Path) -> World:
    """Make the people and their titles; the films are complete when this returns."""
    url = octavo.url
    maker, viewer, newcomer = (a_person(url, name) for name in ("Amara Okafor", "Tomás Rivera", "Ingrid Solheim"))
    operator = a_person(url, "Haruka Ito")
    _promote(octavo, operator)
    titles = _films(maker, folder)
    broken = folder / "holiday.mp4"
    broken.write_bytes(b"not a film at all " * 4000)
    titles["failed"] = maker.upload(broken)
    titles["sending"] = maker.begin_upload("Sunday at the lake.mov", 700_000_000)
    titles["announced"] = maker.call("POST", "/api/video/v1/titles", json=ANNOUNCED)["id"]
    _describe(maker, titles)
    for title in FILMS:
        maker.wait_until(titles[title], "complete")
    maker.call("DELETE", f"/api/video/v1/titles/{titles['deleted']}")
    viewer.call("PUT", f"/api/video/v1/titles/{titles['night_train']}/position", json={"seconds": 8})
    people = {"maker": maker, "viewer": viewer, "newcomer": newcomer, "operator": operator}
    return World(url, people, titles, furnish_comms(octavo, maker))


def _films(maker: Person, folder: Path) -> dict[str, str]:
    return {name: maker.upload(a_landscape_film(folder / f"{name}.mp4", **how)) for name, how in FILMS.items()}


def _describe(maker: Person, titles: dict[str, str]) -> None:
    words = {
        "night_train": {
            "title": "The night train to Samarkand",
            "description": DESCRIPTION,
            "tags": ["desert", "sisters", "train"],
            "location": "Samarkand",
            "release_date": "2026-03-01",
        },
        "salt": {"title": "Salt"},
        "bridges": {"title": "How bridges learn to move", "tags": ["train"]},
        "long": {"title": LONG_TITLE},
        "draft": {"title": "Nine summers in Kyōto"},
        "deleted": {"title": "The wrong cut"},
    }
    for name, changes in words.items():
        maker.call("PATCH", f"/api/video/v1/titles/{titles[name]}", json=changes)
    maker.call("PUT", f"/api/video/v1/titles/{titles['night_train']}/chapters", json={"items": CHAPTERS})
    for name in ("long", "bridges", "salt", "night_train"):
        maker.call("POST", f"/api/video/v1/titles/{titles[name]}/publish", json={"visibility": "public"})


def _promote(octavo: RunningOctavo, person: Person) -> None:
    command = [sys.executable, "-m", "octavo.cli", "user", "promote", person.username, "operator"]
    subprocess.run([*command, "--data", str(octavo.data_dir)], check=True, capture_output=True)
