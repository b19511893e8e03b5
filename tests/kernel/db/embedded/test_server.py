"""The embedded server: starts from nothing, is a direct child, keeps what was saved, and is set up as we say."""

import os
import signal
import stat
import time
from pathlib import Path

import asyncpg
import pytest

from octavo.kernel.db import AlreadyRunning, CannotStart, EmbeddedServer, NoLongerWanted
from octavo.kernel.db.embedded._pidfile import processes_in, read_pid_file
from octavo.settings import DbSettings
from tests.harness.addresses import port_of_its_own
from tests.kernel.db.embedded.asking import ask, eventually, exists


@pytest.mark.slow
def test_it_starts_from_nothing_and_again_from_what_it_made(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path / "deep" / "data")
    ask(server.start(), "CREATE TABLE kept (n int)")
    server.stop()
    assert ask(server.start(), "SELECT count(*) FROM kept") == 0
    server.stop()


def test_a_warm_start_is_quick(server: EmbeddedServer) -> None:
    took = []
    for _ in range(3):
        began = time.monotonic()
        server.start()
        took.append(time.monotonic() - began)
        server.stop()
    assert min(took) < 5


def test_it_is_our_direct_child_and_gone_after_stop(server: EmbeddedServer) -> None:
    server.start()
    assert server.process is not None
    pid = server.process.pid
    stat_line = Path(f"/proc/{pid}/stat").read_text()
    assert "(postgres)" in stat_line
    assert int(stat_line.rpartition(")")[2].split()[1]) == os.getpid()
    server.stop()
    assert not exists(pid)
    assert not server.alive()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("server_version_num", "180004"),
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("full_page_writes", "on"),
        ("synchronous_commit", "on"),
        ("listen_addresses", ""),
        ("unix_socket_permissions", "0700"),
        ("password_encryption", "scram-sha-256"),
        ("server_encoding", "UTF8"),
        ("TimeZone", "UTC"),
    ],
)
def test_it_is_set_up_as_we_say(running_url: str, setting: str, value: str) -> None:
    assert ask(running_url, "SELECT current_setting($1)", setting) == value


def test_only_the_owner_may_enter_the_socket_and_the_files(server: EmbeddedServer) -> None:
    server.start()
    assert stat.S_IMODE((server.data_dir / "run").stat().st_mode) == 0o700
    assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700


def test_text_sorts_by_code_point_and_knows_letters(running_url: str) -> None:
    assert ask(running_url, "SELECT string_agg(t, '' ORDER BY t) FROM unnest('{a,B,ä,Z,é}'::text[]) t") == "BZaäé"
    assert (
        ask(running_url, "SELECT upper('straße äé')") == "STRASSE ÄÉ" or ask(running_url, "SELECT upper('äé')") == "ÄÉ"
    )


def test_no_extension_is_needed_or_there(running_url: str) -> None:
    assert ask(running_url, "SELECT string_agg(extname, ',') FROM pg_extension") == "plpgsql"


def test_what_was_committed_survives_kill_9(server: EmbeddedServer) -> None:
    url = server.start()
    ask(url, "CREATE TABLE kept AS SELECT 7 AS n")
    assert server.process is not None
    server.process.kill()
    assert eventually(lambda: not server.alive())
    assert ask(server.start(), "SELECT n FROM kept") == 7


def test_start_on_a_running_server_changes_nothing(server: EmbeddedServer) -> None:
    url = server.start()
    assert server.process is not None
    pid = server.process.pid
    assert server.start() == url
    assert server.process.pid == pid


def test_a_start_that_is_no_longer_wanted_leaves_nothing_behind(server: EmbeddedServer) -> None:
    with pytest.raises(NoLongerWanted):
        server.start(wanted=lambda: False)
    assert not server.alive()
    assert processes_in(server.cluster) == []
    assert server.start()


def test_a_start_that_is_no_longer_wanted_ends_though_it_was_quick(
    server: EmbeddedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    launch = EmbeddedServer._launch

    def launched(it: EmbeddedServer) -> None:
        launch(it)
        assert eventually(lambda: (found := read_pid_file(it.cluster)) is not None and found.status == "ready")

    monkeypatch.setattr(EmbeddedServer, "_launch", launched)
    with pytest.raises(NoLongerWanted):
        server.start(wanted=lambda: False)


def test_settings_take_effect_at_the_next_start(server: EmbeddedServer) -> None:
    server.start()
    server.stop()
    other = EmbeddedServer(server.data_dir, DbSettings(server_memory=32, server_connections=20))
    url = other.start()
    assert ask(url, "SELECT current_setting('shared_buffers') || current_setting('max_connections')") == "32MB20"
    other.stop()


@pytest.mark.slow
def test_a_second_one_on_the_same_directory_is_refused_and_harms_nothing(server: EmbeddedServer) -> None:
    url = server.start()
    second = EmbeddedServer(server.data_dir)
    with pytest.raises(AlreadyRunning, match="already running"):
        second.start()
    second.stop()
    assert (server.cluster / "postmaster.pid").exists()
    assert ask(url, "SELECT 1") == 1


def test_a_running_server_is_found_by_its_directory(server: EmbeddedServer) -> None:
    other = EmbeddedServer(server.data_dir)
    assert other.running_url() is None
    url = server.start()
    assert other.running_url() == url
    server.stop()
    assert other.running_url() is None


def test_a_fork_does_not_keep_the_directory_taken(server: EmbeddedServer) -> None:
    server.start()
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(write)
        os.read(read, 1)
        os._exit(0)
    try:
        server.stop()
        server.start()
        server.stop()
    finally:
        os.close(write)
        os.close(read)
        os.waitpid(child, 0)


def test_over_tcp_it_would_ask_for_a_password_by_scram(data_dir: Path) -> None:
    with port_of_its_own() as port:
        server = EmbeddedServer(data_dir, configuration={"listen_addresses": "'127.0.0.1'", "port": str(port)})
        inside = server.start().replace("port=5432", f"port={port}")
    ask(inside, "CREATE ROLE guest LOGIN PASSWORD 'secret'")
    assert ask(inside, "SELECT rolpassword FROM pg_authid WHERE rolname = 'guest'").startswith("SCRAM-SHA-256$")
    assert ask(f"postgresql://guest:secret@127.0.0.1:{port}/octavo", "SELECT current_user") == "guest"
    with pytest.raises(asyncpg.InvalidPasswordError):
        ask(f"postgresql://guest:guess@127.0.0.1:{port}/octavo", "SELECT 1")
    server.stop()


def test_a_setting_that_postgresql_does_not_take_is_told(data_dir: Path) -> None:
    with pytest.raises(CannotStart, match="settings is not accepted"):
        EmbeddedServer(data_dir, configuration={"shared_buffers": "'lots'"}).start()


@pytest.mark.parametrize("sig", [signal.SIGTERM, signal.SIGINT, signal.SIGQUIT])
def test_one_that_was_ended_from_outside_starts_again(server: EmbeddedServer, sig: signal.Signals) -> None:
    server.start()
    assert server.process is not None
    server.process.send_signal(sig)
    server.process.wait(60)
    assert ask(server.start(), "SELECT 1") == 1
