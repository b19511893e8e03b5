"""The renderer: it finds the templates of every package, escapes what people wrote, and marks the current place."""

import re

import pytest
from jinja2 import TemplateNotFound

from octavo.kernel.refusals import NotFound
from tests.ui.pages import OPERATOR, a_visit, rendered, snippet


def test_a_template_is_found_in_the_room_it_belongs_to() -> None:
    assert "Nothing here" in rendered("ui/refusal.html", refusal=NotFound("Nothing here"))


@pytest.mark.parametrize("name", ["ui/../settings/secret.html", "nowhere/page.html", "ui/none.html", "shell.html"])
def test_a_template_outside_its_package_is_not_found(name: str) -> None:
    with pytest.raises(TemplateNotFound):
        rendered(name)


def test_what_a_person_wrote_is_shown_and_not_run() -> None:
    page = rendered("ui/refusal.html", refusal=NotFound("<script>alert(1)</script>"))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_current_page_is_marked_in_the_navigation() -> None:
    page = rendered("ui/refusal.html", refusal=NotFound(), path="/video/upload")
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', page) == ["/video/upload"]
    assert 'data-product="video" class="reading refusal-page has-places"' in page


def test_a_page_of_no_product_has_no_places() -> None:
    page = rendered("ui/landing.html", path="/")
    assert 'data-product="octavo"' in page
    assert 'class="places"' not in page


def test_planned_products_are_named_and_not_linked() -> None:
    page = rendered("ui/landing.html", path="/")
    assert 'href="/video"' in page
    assert "Dating" in page
    assert 'href="/dating"' not in page
    assert page.count("Works today") == 1


def test_only_operators_are_shown_the_way_to_the_components() -> None:
    assert "/components" in rendered("ui/landing.html", visit=a_visit(OPERATOR))
    assert "/components" not in rendered("ui/landing.html")


def test_every_refusal_says_what_can_be_done() -> None:
    page = rendered("ui/refusal.html", refusal=NotFound(), path="/video/titles/1")
    assert "There is nothing here" in page
    assert "Go to Video" in page
    assert "r-1" in page


def test_dates_sizes_and_lengths_follow_the_locale() -> None:
    source = (
        "{{ format_number(12345.5) }} {{ format_bytes(1834e6) }} {{ format_duration(5423) }} {{ format_percent(0.36) }}"
    )
    assert snippet(source).replace("\u00a0", " ") == "12,345.5 1.8 GB 1:30:23 36%"
    assert snippet(source, locale="de").replace("\u00a0", " ") == "12.345,5 1,8 GB 1:30:23 36%"


def test_a_locale_that_nobody_knows_is_written_as_english() -> None:
    assert snippet("{{ format_number(1234.5) }}", locale="x-unheard") == "1,234.5"


def test_a_page_says_in_which_language_it_really_is() -> None:
    assert '<html lang="en">' in rendered("ui/offline.html", visit=a_visit(locale="xh"))
