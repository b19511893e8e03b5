"""Writes the pages of docs/ that the code knows best: the map of routes, and the reference of what has a name."""

import inspect
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from prometheus_client import REGISTRY
from typer.main import get_command

from octavo import app
from octavo.kernel.events import Event
from octavo.kernel.http import Route
from octavo.settings import describe_settings

ROOT = Path(__file__).resolve().parents[2]
GENERATED = "<!-- Written by `python -m octavo.cli.documents`; do not edit. -->\n"


def pages() -> dict[str, str]:
    """Each generated page's text by its path below the repository."""
    return {"docs/MAP.md": route_map(), "docs/reference.md": reference()}


def route_map() -> str:
    """Route -> who may use it -> file and function."""
    lines = [GENERATED, "# Map\n", "Every route, who may use it, and where it is handled.\n"]
    for module in app.MODULES:
        sections = [(module.name, module.routes)]
        sections += [(f"{module.name}: the dialect {one.name}", one.routes) for one in module.dialects]
        for title, routes in sections:
            lines += _routes(title, routes) if routes else []
    return "\n".join(lines)


def _routes(title: str, routes: Sequence[Route]) -> list[str]:
    rows = [
        (f"{route.method} {route.path}", route.access.name if route.access else "", place(route.handler))
        for route in routes
    ]
    head = [f"## {title}", "| route | open to | handled by |", "| --- | --- | --- |"]
    return [*head, *(f"| `{route}` | {access} | {where} |" for route, access, where in rows), ""]


def reference() -> str:
    sections = {
        "Settings": ("variable | default | meaning", settings()),
        "Commands": ("command | does", commands()),
        "Jobs": ("job | queue | does | code", jobs()),
        "Schedules": ("schedule | every | starts", schedules()),
        "Events": ("event | says | code", events()),
        "Consumers": ("consumer | listens to | code", consumers()),
        "Metrics": ("metric | kind | meaning", metrics()),
    }
    lines = [GENERATED, "# Reference\n"]
    for title, (head, rows) in sections.items():
        lines += [f"## {title}", f"| {head} |", f"|{' --- |' * (head.count('|') + 1)}"]
        lines += [f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in rows] + [""]
    return "\n".join(lines)


def settings() -> Iterator[tuple[str, ...]]:
    for setting in describe_settings():
        yield f"`{setting.variable}`", f"`{setting.default}`", setting.description


def commands() -> Iterator[tuple[str, ...]]:
    from octavo.cli import application

    yield from _commands(get_command(application), "octavo")


def _commands(command: object, name: str) -> Iterator[tuple[str, ...]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield f"`{name}`", first_line(getattr(command, "help", "") or "")
        return
    for word, child in sorted(inner.items()):
        yield from _commands(child, f"{name} {word}")


def jobs() -> Iterator[tuple[str, ...]]:
    for job in (job for module in app.MODULES for job in module.jobs):
        yield f"`{job.name}`", job.queue, first_line(inspect.getdoc(job.handler)), place(job.handler)


def schedules() -> Iterator[tuple[str, ...]]:
    for schedule in (schedule for module in app.MODULES for schedule in module.schedules):
        yield f"`{schedule.name}`", str(schedule.every), f"`{schedule.job.name}`"


def events() -> Iterator[tuple[str, ...]]:
    named = {str(getattr(kind, "NAME", "")): kind for kind in _subclasses(Event)}
    for name, event in sorted(named.items()):
        if name and event.__module__.startswith("octavo."):
            yield f"`{name}`", first_line(inspect.getdoc(event)), place(event)


def consumers() -> Iterator[tuple[str, ...]]:
    for consumer in (consumer for module in app.MODULES for consumer in module.consumers):
        yield f"`{consumer.name}`", f"`{consumer.on}`", place(consumer.handle)


def metrics() -> Iterator[tuple[str, ...]]:
    for metric in sorted(REGISTRY.collect(), key=lambda family: family.name):
        if metric.name.startswith("octavo_"):
            yield f"`{metric.name}`", metric.type, metric.documentation


def place(thing: object) -> str:
    """`file: name`, with the file below the repository; what was wrapped counts, not its wrapping."""
    thing = inspect.unwrap(thing) if callable(thing) else thing
    file = Path(inspect.getsourcefile(thing) or "").relative_to(ROOT)  # type: ignore[arg-type]
    return f"`{file}`: `{getattr(thing, '__qualname__', '')}`"


def first_line(text: str | None) -> str:
    return (text or "").strip().split("\n\n")[0].replace("\n", " ")


def _subclasses(kind: type) -> Iterable[type]:
    children: list[type] = kind.__subclasses__()
    for child in children:
        yield child
        yield from _subclasses(child)


if __name__ == "__main__":
    stale = [name for name, text in pages().items() if not (ROOT / name).exists() or (ROOT / name).read_text() != text]
    for name in stale:
        (ROOT / name).write_text(pages()[name])
        print(f"wrote {name}", file=sys.stderr)
