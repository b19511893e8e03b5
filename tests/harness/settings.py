"""Settings of the Octavos that tests run, within their own process or in others."""

from pathlib import Path
from typing import Any

from octavo.settings import Settings, load_settings

# A machine may stand still for longer than people should wait. Tests about these limits set their own.
PATIENT_DB = {"timeout": 60.0, "connect_timeout": 60.0, "pool_timeout": 60.0}
PATIENT_ENVIRONMENT = {f"OCTAVO_DB_{name.upper()}": str(seconds) for name, seconds in PATIENT_DB.items()}


def patient_settings(data_dir: Path, **changes: dict[str, Any]) -> Settings:
    """Defaults but for `changes`, whatever the environment says, and with patience for the database."""
    return load_settings(data_dir, environ={}, **{"db": PATIENT_DB, **changes})
