"""The renderer: finds the templates of every package and gives them what pages share."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import msgspec
from jinja2 import BaseLoader, Environment, TemplateNotFound
from markupsafe import Markup

from octavo.kernel.context import Context, Engines
from octavo.kernel.module import Module, Product
from octavo.ui import formats, posters
from octavo.ui.assets import Assets
from octavo.ui.catalogues import Catalogues
from octavo.ui.family import Leaf, family

PACKAGE_ROOTS = (Path(__file__).parent.parent / "kernel", Path(__file__).parent.parent / "products")
UI_FOLDER = Path(__file__).parent

# htmx 4 swaps error answers by default; here a page opts in with hx-status:422. Addresses change only by real visits.
HTMX_CONFIG = {"noSwap": [204, 304, "4xx", "5xx"], "includeIndicatorCSS": False, "history": False}

_locale: ContextVar[str] = ContextVar("locale", default="en")


def make_renderer(modules: Sequence[Module], engines: Engines) -> "PageRenderer":
    """The renderer of a process: made once at start-up, it keeps compiled templates."""
    return PageRenderer(modules, reload=engines.settings.ui.reload)


class PageRenderer:
    """Renders `video/title/watch.html` from products/video/title/templates/watch.html, and `ui/...` from here."""

    def __init__(self, modules: Sequence[Module], *, reload: bool = False) -> None:
        folders = {"ui": UI_FOLDER, **_package_folders(modules)}
        self._products = {module.name: module for module in modules if isinstance(module, Product)}
        self._family = family(self._products)
        self._assets = Assets(UI_FOLDER / "dist", reload=reload)
        self._catalogues = Catalogues(folders.values())
        self._environment = Environment(
            loader=_RoomLoader(folders),
            extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
            autoescape=True,
            auto_reload=reload,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(self._shared())
        self._environment.install_gettext_callables(  # type: ignore[attr-defined]
            self._gettext, self._ngettext, newstyle=True
        )

    def __call__(self, template: str, data: Mapping[str, Any], ctx: Context) -> str:
        """`data` may hold `path`, the address of the request without its query: it marks the current place."""
        with _in_locale(ctx.locale):
            return self._environment.get_template(template).render(self._around(data, ctx))

    def render_source(self, source: str, data: Mapping[str, Any], ctx: Context) -> str:
        """The same for a template that is in no file, such as a part looked at by itself."""
        with _in_locale(ctx.locale):
            return self._environment.from_string(source).render(self._around(data, ctx))

    def _around(self, data: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
        """The page's own data, and what every page has around it."""
        path = str(data.get("path", ""))
        product = str(data.get("product") or path.strip("/").partition("/")[0])
        language = self._catalogues.language(ctx.locale)
        return {
            "path": path,
            "current_product": self._products.get(product),
            "ctx": ctx,
            "actor": ctx.actor,
            "language": language,
            "strings_url": self._assets.find(f"strings.{language}.json"),
            **{key: value for key, value in data.items() if key != "product"},
        }

    @property
    def family(self) -> Sequence[Leaf]:
        """The eight products with their true state."""
        return self._family

    def _shared(self) -> dict[str, Any]:
        return {
            "products": self._family,
            "asset": self._assets.url,
            "icon": self._icon,
            "island": self._island,
            "htmx_config": msgspec.json.encode(HTMX_CONFIG).decode(),
            "drawn_poster": posters.drawn_poster,
            "initials": posters.initials,
            "tint": posters.tint,
            "format_bytes": lambda size: formats.format_bytes(size, _locale.get()),
            "format_date": lambda moment: formats.format_date(moment, _locale.get()),
            "format_datetime": lambda moment: formats.format_datetime(moment, _locale.get()),
            "format_duration": formats.format_duration,
            "format_money": lambda amount, currency: formats.format_money(amount, currency, _locale.get()),
            "format_number": lambda number: formats.format_number(number, _locale.get()),
            "format_percent": lambda part: formats.format_percent(part, _locale.get()),
            "format_since": lambda moment, now: formats.format_since(moment, now, _locale.get()),
        }

    def _icon(self, name: str, label: str = "") -> Markup:
        spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
        return Markup('<svg class="icon" {}><use href="{}#{}"/></svg>').format(
            spoken, self._assets.url("icons.svg"), name
        )

    def _island(self, name: str) -> Markup:
        """The module script of one island, such as `player`, and its stylesheet when it has one."""
        style = self._assets.find(f"{name}.css")
        link = Markup('<link rel="stylesheet" href="{}">').format(style) if style else Markup("")
        return link + Markup('<script type="module" src="{}"></script>').format(self._assets.url(f"{name}.js"))

    def _gettext(self, message: str) -> str:
        return self._catalogues.gettext(_locale.get(), message)

    def _ngettext(self, singular: str, plural: str, number: int) -> str:
        return self._catalogues.ngettext(_locale.get(), singular, plural, number)


class _RoomLoader(BaseLoader):
    """Maps `<package>/<rooms...>/<file>` to `<folder of the package>/<rooms...>/templates/<file>`."""

    def __init__(self, folders: Mapping[str, Path]) -> None:
        self._folders = folders

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Any]:
        package, *rooms, file = template.split("/") if "/" in template else ("", template)
        folder = self._folders.get(package)
        if folder is None or ".." in rooms:
            raise TemplateNotFound(template)
        path = folder.joinpath(*rooms, "templates", file)
        try:
            source, written = path.read_text(encoding="utf-8"), path.stat().st_mtime_ns
        except OSError:
            raise TemplateNotFound(template, f"There is no template {template}: {path} cannot be read") from None
        return source, str(path), lambda: path.exists() and path.stat().st_mtime_ns == written


def _package_folders(modules: Sequence[Module]) -> dict[str, Path]:
    found = {}
    for module in modules:
        for root in PACKAGE_ROOTS:
            if (root / module.name).is_dir():
                found[module.name] = root / module.name
    return found


@contextmanager
def _in_locale(locale: str) -> Iterator[None]:
    token = _locale.set(locale)
    try:
        yield
    finally:
        _locale.reset(token)
