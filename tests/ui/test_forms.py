"""Form fields: labelled, described, and keeping what was typed."""

import re

from tests.ui.pages import snippet


def test_a_field_is_labelled_and_described_by_its_error_and_help() -> None:
    field = snippet("{{ forms.field('handle', 'Username', value='amara', error='Taken.', help='3 to 30 letters.') }}")
    assert '<label for="handle">' in field
    assert 'value="amara"' in field
    assert 'aria-invalid="true"' in field
    described = re.search(r'aria-describedby="([^"]+)"', field)
    assert described
    assert all(f'id="{name}"' in field for name in described[1].split())


def test_a_field_without_an_error_is_not_called_wrong() -> None:
    assert "aria-invalid" not in snippet("{{ forms.field('handle', 'Username') }}")


def test_a_password_is_never_sent_back_by_itself() -> None:
    assert "value=" not in snippet("{{ forms.field('password', 'Password', type='password') }}")


def test_a_value_cannot_leave_its_attribute() -> None:
    field = snippet("{{ forms.field('t', 'Title', value=value) }}", value='"><b>')
    assert "<b>" not in field


def test_zero_is_a_value() -> None:
    assert 'value="0"' in snippet("{{ forms.field('price', 'Price', value=0) }}")


def test_the_summary_leads_to_each_wrong_field() -> None:
    summary = snippet("{{ forms.error_summary({'a': 'Too long.', 'b': 'Missing.'}, labels={'a': 'Title'}) }}")
    assert "Please check 2 fields" in summary
    assert '<a href="#a">Title: Too long.</a>' in summary
    assert snippet("{{ forms.error_summary({}) }}").strip() == ""


def test_the_chosen_option_is_selected_whatever_its_type() -> None:
    assert '<option value="2" selected>' in snippet("{{ forms.select('n', 'N', [(1, 'one'), (2, 'two')], value='2') }}")


def test_one_radio_of_a_group_is_checked() -> None:
    group = snippet("{{ forms.radios('v', 'Who', [('a', 'All'), ('b', 'Some', 'By link')], value='b') }}")
    assert group.count(" checked") == 1
    assert 'value="b" checked' in group
