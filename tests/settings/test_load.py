"""Settings: files below variables below the command line, and every mistake told at once by its name."""

from pathlib import Path

import pytest

from octavo.settings import SettingsInvalid, load_settings


def test_without_anything_said_the_defaults_hold(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, environ={})
    assert settings.data_dir == tmp_path
    assert settings.db.url == ""
    assert settings.db.pool_size == 10


def test_later_sources_win(tmp_path: Path) -> None:
    (tmp_path / "octavo.toml").write_text("[db]\npool_size = 3\ntimeout = 1.5\nconnect_timeout = 2")
    settings = load_settings(
        tmp_path, environ={"OCTAVO_DB_TIMEOUT": "2.5", "OCTAVO_DB_CONNECT_TIMEOUT": "3"}, db={"connect_timeout": 4}
    )
    assert (settings.db.pool_size, settings.db.timeout, settings.db.connect_timeout) == (3, 2.5, 4)


def test_the_file_in_the_data_directory_beats_the_one_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = tmp_path / "data"
    data.mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "octavo.toml").write_text("[db]\npool_size = 3")
    assert load_settings(data, environ={}).db.pool_size == 3
    (data / "octavo.toml").write_text("[db]\npool_size = 4")
    assert load_settings(data, environ={}).db.pool_size == 4


def test_database_url_is_read_and_our_own_name_beats_it(tmp_path: Path) -> None:
    both = {"DATABASE_URL": "postgresql://theirs", "OCTAVO_DB_URL": "postgresql://ours"}
    assert load_settings(tmp_path, environ={"DATABASE_URL": "postgresql://theirs"}).db.url == "postgresql://theirs"
    assert load_settings(tmp_path, environ=both).db.url == "postgresql://ours"


def test_the_data_directory_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load_settings(environ={"OCTAVO_DATA_DIR": "/srv/octavo"}).data_dir == Path("/srv/octavo")
    assert load_settings(environ={}).data_dir == tmp_path / "octavo-data"


def test_all_mistakes_are_told_at_once_by_variable_name(tmp_path: Path) -> None:
    (tmp_path / "octavo.toml").write_text("[db]\npool_size = 'many'\ncolour = 1\n[dbb]\nx = 1")
    wrong = {"OCTAVO_DB_TIMEOUT": "-1", "OCTAVO_DB_TYPO": "1", "OCTAVO_ELSEWHERE": "ours only by its first letters"}
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(tmp_path, environ=wrong)
    assert set(refused.value.errors) == {
        "OCTAVO_DB_POOL_SIZE",
        "OCTAVO_DB_COLOUR",
        "OCTAVO_DB_TIMEOUT",
        "OCTAVO_DB_TYPO",
        "[dbb]",
    }
    assert "OCTAVO_DB_TIMEOUT: expected `float` > 0.0" in str(refused.value)


def test_a_file_that_is_no_toml_is_named(tmp_path: Path) -> None:
    (tmp_path / "octavo.toml").write_text("pool_size: 3")
    with pytest.raises(SettingsInvalid, match=r"octavo\.toml: cannot be read"):
        load_settings(tmp_path, environ={})


def test_a_wrong_override_is_a_mistake_too(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid, match="OCTAVO_DB_POOLSIZE"):
        load_settings(tmp_path, environ={}, db={"poolsize": 3})
    with pytest.raises(SettingsInvalid, match="database"):
        load_settings(tmp_path, environ={}, database={"pool_size": 3})


def test_a_mistake_in_a_secret_does_not_show_it(tmp_path: Path) -> None:
    (tmp_path / "octavo.toml").write_text(
        "[db]\nurl = ['hidden']\npool_size = 'many'\n[identity]\naddress_key = ['hidden']\n"
        "[media]\nplayback_keys = {key = 'hidden'}"
    )
    with pytest.raises(SettingsInvalid) as refused:
        load_settings(tmp_path, environ={})
    assert set(refused.value.errors) == {
        "OCTAVO_DB_URL",
        "OCTAVO_DB_POOL_SIZE",
        "OCTAVO_IDENTITY_ADDRESS_KEY",
        "OCTAVO_MEDIA_PLAYBACK_KEYS",
    }
    assert "hidden" not in str(refused.value)
    assert "(it is 'many')" in str(refused.value)
