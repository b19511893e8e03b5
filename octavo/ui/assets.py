"""The built files of the pages: which hashed name each one has."""

import logging
from pathlib import Path

import msgspec

log = logging.getLogger(__name__)


class Assets:
    """Reads dist/manifest.json. Before a build, pages work but are unstyled, and the log says what to run."""

    def __init__(self, dist: Path, *, reload: bool = False) -> None:
        self._manifest = dist / "manifest.json"
        self._reload = reload
        self._names = self._read()

    def url(self, name: str) -> str:
        """The address of the built file `name`, such as `octavo.css`."""
        return self.find(name) or f"/static/{name}"

    def find(self, name: str) -> str | None:
        """The same, or None when nothing of that name was built."""
        if self._reload:
            self._names = self._read()
        hashed = self._names.get(name)
        return hashed and f"/static/{hashed}"

    def _read(self) -> dict[str, str]:
        try:
            return msgspec.json.decode(self._manifest.read_bytes(), type=dict[str, str])
        except OSError:
            log.warning("The styles and scripts of the pages are not built yet. Run: ./dev ui")
            return {}
