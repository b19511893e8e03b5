"""Playback tokens: what they open, for how long, and what happens to those who change a letter."""

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from octavo.kernel.ids import new_id
from octavo.kernel.media.delivery import tokens
from octavo.kernel.media.delivery.keys import KeysInSettings, playback_keys, rotate_playback_keys
from octavo.kernel.media.delivery.rows import PlaybackKey
from octavo.settings import SettingsInvalid, load_settings

NOW = datetime(2030, 1, 1, 12, 7, tzinfo=UTC)
KEY, OTHER = PlaybackKey("k1", b"secret"), PlaybackKey("k2", b"another")
ASSET = new_id()
TOKEN = tokens.sign(ASSET, NOW + timedelta(hours=1), KEY)


def test_a_token_opens_its_asset_until_it_expires() -> None:
    tokens.verify(TOKEN, ASSET, NOW, [KEY])
    tokens.verify(TOKEN, ASSET, NOW + timedelta(minutes=59), [KEY])
    with pytest.raises(tokens.TokenRefused, match="expired"):
        tokens.verify(TOKEN, ASSET, NOW + timedelta(hours=1), [KEY])


def test_a_token_opens_no_other_asset() -> None:
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(TOKEN, new_id(), NOW, [KEY])


def test_after_a_rotation_old_tokens_work_as_long_as_their_key_is_kept() -> None:
    tokens.verify(TOKEN, ASSET, NOW, [OTHER, KEY])
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(TOKEN, ASSET, NOW, [OTHER])


@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_no_letter_of_a_token_can_be_changed(at: int, letter: str) -> None:
    changed = TOKEN[:at] + letter + TOKEN[at + 1 :]
    if changed != TOKEN:
        with pytest.raises(tokens.TokenRefused):
            tokens.verify(changed, ASSET, NOW, [KEY])


@given(st.text())
def test_no_text_is_taken_for_a_token(text: str) -> None:
    with pytest.raises(tokens.TokenRefused):
        tokens.verify(text, ASSET, NOW, [KEY])


def test_addresses_stay_the_same_for_a_while_so_that_browsers_can_cache() -> None:
    lifetime = timedelta(hours=12)
    first, second = tokens.expiry(NOW, lifetime), tokens.expiry(NOW + timedelta(minutes=5), lifetime)
    assert first == second
    assert first >= NOW + lifetime


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "data", environ={})
    keys = playback_keys(settings)
    assert playback_keys(settings) == keys
    assert stat.S_IMODE((settings.data_dir / "playback.keys").stat().st_mode) == 0o600


def test_a_rotated_key_signs_from_now_on_and_the_last_ones_stay(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "data", environ={})
    first = playback_keys(settings)[0]
    ids = [rotate_playback_keys(settings) for _ in range(3)]
    assert [key.id for key in playback_keys(settings)] == ids[::-1]
    assert first not in playback_keys(settings)


def test_a_key_counts_at_once_also_where_clocks_are_too_coarse_to_tell(tmp_path: Path) -> None:
    settings = load_settings(tmp_path / "data", environ={})
    playback_keys(settings)
    for _ in range(2):
        os.utime(settings.data_dir / "playback.keys", ns=(1, 1))
        old = playback_keys(settings)
        new = rotate_playback_keys(settings)
        os.utime(settings.data_dir / "playback.keys", ns=(1, 1))
        assert [key.id for key in playback_keys(settings)][:2] == [new, old[0].id]


def test_servers_that_share_keys_name_and_rotate_them_in_the_settings(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, environ={"OCTAVO_MEDIA_PLAYBACK_KEYS": f"new:{'n' * 32},old:{'o' * 32}"})
    assert playback_keys(settings) == (PlaybackKey("new", b"n" * 32), PlaybackKey("old", b"o" * 32))
    with pytest.raises(KeysInSettings, match="settings"):
        rotate_playback_keys(settings)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("keys", ["k1", "k1:", "k1:short", f":{'n' * 32}", f"a~b:{'n' * 32}"])
def test_a_key_that_anyone_could_guess_is_refused(tmp_path: Path, keys: str) -> None:
    with pytest.raises(SettingsInvalid, match="playback_keys") as refused:
        load_settings(tmp_path, environ={"OCTAVO_MEDIA_PLAYBACK_KEYS": keys})
    assert keys not in str(refused.value)
