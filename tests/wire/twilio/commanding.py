"""`octavo comms ...` as operators type it, in a process of its own."""

import subprocess
import sys
from pathlib import Path

from tests.harness.running import clean_environment

COMMS = (sys.executable, "-m", "octavo.cli", "comms")


def commanded(data_dir: Path, *words: str) -> str:
    """What a command prints about the Octavo in that directory."""
    command = [*COMMS, *words, "--data", str(data_dir)]
    return subprocess.run(command, env=environment(), check=True, capture_output=True, text=True).stdout


def environment() -> dict[str, str]:
    """Without proxies and certificates of whoever runs the tests."""
    ours = {"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE"}
    return {name: value for name, value in clean_environment().items() if name.upper() not in ours}
