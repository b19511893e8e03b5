"""The configuration of the embedded server, written anew at every start, so that ours is always the one in force."""

from collections.abc import Mapping
from pathlib import Path

from octavo.settings import DbSettings

# Durable first: what was answered with "saved" survives a power cut. Small second: an idle Octavo should cost little.
_FIXED = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "password_encryption": "'scram-sha-256'",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    "lc_messages": "'C'",
    "datestyle": "'iso, ymd'",
    "default_text_search_config": "'pg_catalog.simple'",
    # Without parallel plans, JIT and I/O workers there are half as many processes, and our queries are short.
    "max_worker_processes": "2",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "max_logical_replication_workers": "0",
    "jit": "off",
    # Files in the data directory: a killed server leaves nothing in /dev/shm, which containers keep small.
    "dynamic_shared_memory_type": "mmap",
    "io_method": "sync",
    "max_wal_senders": "2",
    "max_replication_slots": "2",
    "min_wal_size": "'64MB'",
    "max_wal_size": "'512MB'",
    "wal_compression": "on",
    "checkpoint_timeout": "'5min'",
    # Plans that were made while a table was new and empty last until it has statistics.
    "autovacuum_naptime": "'10s'",
    "idle_in_transaction_session_timeout": "'60s'",
    # A stopped or vanished client is noticed, so that its locks do not outlive it.
    "client_connection_check_interval": "'2s'",
    "log_checkpoints": "off",
    # Refused rows are everyday business here and reach the log of the process that asked.
    "log_min_messages": "log",
    "log_line_prefix": "'%m [%p] '",
}

_CLIENTS = """\
# The socket lies in a directory that only its owner may enter.
local all all trust
host all all all scram-sha-256
"""


def write_configuration(cluster: Path, socket_directory: Path, settings: DbSettings, more: Mapping[str, str]) -> None:
    """Write postgresql.conf and pg_hba.conf; `more` overrides single lines, for tests that need no durability."""
    lines = {
        **_FIXED,
        "unix_socket_directories": _quoted(str(socket_directory)),
        "max_connections": str(settings.server_connections),
        "shared_buffers": f"'{settings.server_memory}MB'",
        **more,
    }
    text = "".join(f"{name} = {value}\n" for name, value in lines.items())
    (cluster / "postgresql.conf").write_text(f"# Written by Octavo at every start.\n{text}")
    (cluster / "pg_hba.conf").write_text(_CLIENTS)


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
