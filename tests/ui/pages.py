"""What the tests of the pages share: a renderer over the real templates, and somebody to render for."""

from dataclasses import replace
from typing import Any, cast

from octavo.kernel.clock import now
from octavo.kernel.context import ANYONE, Actor, Context, Engines
from octavo.kernel.ids import new_id
from octavo.kernel.module import NavItem, Product
from octavo.ui.render import PageRenderer

# The name of a product that is there, so that its templates are found.
VIDEO = Product(
    name="video",
    title="Video",
    summary="Films from upload to screen",
    home="/video",
    icon="clapperboard",
    nav=(
        NavItem(label="Home", href="/video", icon="house"),
        NavItem(label="Upload", href="/video/upload", icon="upload"),
    ),
)
RENDERER = PageRenderer([VIDEO])
OPERATOR = Actor(user_id=new_id(), name="Amara Okafor", roles=frozenset({"user", "operator"}))


def a_visit(actor: Actor = ANYONE, *, locale: str = "en") -> Context:
    """A request's context. Rendering uses no engine, so there is none."""
    return Context(actor=actor, now=now(), engines=cast("Engines", None), locale=locale, request_id="r-1")


def rendered(template: str, *, visit: Context | None = None, **data: Any) -> str:
    return RENDERER(template, data, visit or a_visit())


def snippet(source: str, *, locale: str = "en", **data: Any) -> str:
    """A piece of template with the macros at hand as `parts` and `forms`."""
    imports = '{% import "ui/parts.html" as parts %}{% import "ui/forms.html" as forms %}'
    return RENDERER.render_source(imports + source, data, replace(a_visit(), locale=locale))
