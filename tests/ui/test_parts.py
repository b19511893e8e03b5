"""The parts of pages: what they say to people who do not see them, and what they leave out."""

from tests.ui.pages import snippet


def test_an_icon_is_decoration_unless_it_is_labelled() -> None:
    assert 'aria-hidden="true"' in snippet("{{ parts.icon('check') }}")
    assert 'role="img" aria-label="Done"' in snippet("{{ parts.icon('check', label='Done') }}")


def test_a_progress_of_unknown_length_has_no_value() -> None:
    assert " value=" not in snippet("{{ parts.progress('Looking') }}")
    assert 'value="0.3600"' in snippet("{{ parts.progress('480p', value=0.36) }}")


def test_a_title_without_a_picture_gets_a_drawn_poster() -> None:
    assert "<svg" in snippet("{{ parts.poster('Salt') }}")
    assert 'src="/play/poster.jpg"' in snippet("{{ parts.poster('Salt', src='/play/poster.jpg') }}")


def test_a_title_card_is_one_link() -> None:
    card = snippet("{{ parts.title_card('Salt', '/video/titles/1', duration=596, watched=0.4) }}")
    assert card.count("<a ") == 1
    assert "9:56" in card
    assert 'value="0.4000"' in card


def test_a_list_that_ends_offers_no_next_page() -> None:
    assert snippet("{{ parts.pagination() }}").strip() == ""
    assert 'rel="next"' in snippet("{{ parts.pagination(next='/video?cursor=x') }}")


def test_a_dialog_is_named_by_its_heading() -> None:
    dialog = snippet("{% call parts.dialog('ask', 'Delete it') %}Really{% endcall %}")
    assert 'aria-labelledby="ask-title"' in dialog
    assert '<h2 id="ask-title">Delete it</h2>' in dialog


def test_the_current_tab_is_marked() -> None:
    tabs = snippet("{{ parts.tabs([('/a', 'All', 4), ('/b', 'Drafts')], '/b') }}")
    assert '<a href="/b" aria-current="page">' in tabs
    assert tabs.count("aria-current") == 1


def test_a_person_without_a_picture_is_shown_by_initials() -> None:
    assert ">AO</span>" in snippet("{{ parts.avatar('Amara Ngozi Okafor') }}")
    assert ">?</span>" in snippet("{{ parts.avatar('') }}")
