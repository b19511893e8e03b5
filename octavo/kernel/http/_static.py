"""The built files of the pages: their names carry a hash of their content, so a browser may keep them for ever."""

import mimetypes
import re
from pathlib import Path

from octavo.kernel.http._answers import FileRange
from octavo.kernel.http._prepared import accepts
from octavo.kernel.refusals import NotFound

_HASHED = re.compile(r"[-.][A-Za-z0-9_]{8,}\.[a-z0-9]+$")
# In this order: brotli is smaller. The build writes both beside each text file.
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".map": "application/json",
}


class StaticFiles:
    """Files under one folder, and nothing outside of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    def find(self, name: str, accept_encoding: bytes) -> FileRange:
        """Raises NotFound."""
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder) or not _is_file(path):
            raise NotFound
        headers = {} if _HASHED.search(name) else {"cache-control": "public, max-age=300"}
        for encoding, ending in _ENCODINGS:
            packed = path.with_name(path.name + ending)
            if accepts(accept_encoding, encoding.encode()) and packed.is_file():
                headers |= {"content-encoding": encoding, "vary": "Accept-Encoding"}
                return FileRange(packed, content_type=_content_type(path), immutable=True, headers=headers)
        headers["vary"] = "Accept-Encoding"
        return FileRange(path, content_type=_content_type(path), immutable=True, headers=headers)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than the file system knows
        return False


def _content_type(path: Path) -> str:
    known = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{known}; charset=utf-8" if known.startswith("text/") else known
