"""Pages speak the visitor's language where they know it, and a person's own choice goes before the browser's."""

import pytest

from octavo.kernel.context import Actor, Context, Engines
from octavo.kernel.http import Request, Router, public
from octavo.kernel.http._locale import preferred_locale
from tests.kernel.http import small_house
from tests.kernel.http.small_house import ADA, house_of


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de-AT"),
        ("fr-FR, de;q=0.5, en-gb;q=0.7", "en-GB"),
        ("en;q=0, de;q=0.1", "de"),
        ("fr,it", "en"),
        ("*", "en"),
        ("../../etc, de_DE.UTF-8, en;q=x", "en"),
    ],
)
def test_the_visitors_first_choice_among_ours_wins(header: str, locale: str) -> None:
    assert preferred_locale(header, ("en", "de")) == locale


def routes() -> Router:
    pages = Router("/t", product="test")

    @pages.get("/locale", access=public)
    async def locale(ctx: Context) -> str:
        return ctx.locale

    return pages


async def test_a_page_hears_what_the_browser_prefers(engines: Engines) -> None:
    async with house_of(engines, *routes().routes, languages=("en", "de")) as client:
        assert (await client.get("/t/locale", headers={"accept-language": "de-CH"})).json() == "de-CH"


async def test_what_a_person_has_chosen_goes_first(engines: Engines, monkeypatch: pytest.MonkeyPatch) -> None:
    async def authenticate(request: Request, engines: Engines) -> Actor:
        return Actor(user_id=ADA, locale="en-GB")

    monkeypatch.setattr(small_house, "authenticate", authenticate)
    async with house_of(engines, *routes().routes, languages=("en", "de")) as client:
        assert (await client.get("/t/locale", headers={"accept-language": "de"})).json() == "en-GB"
