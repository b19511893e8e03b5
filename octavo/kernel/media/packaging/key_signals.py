"""How manifests say that a track is encrypted, and under which key."""

from collections.abc import Iterator
from uuid import UUID
from xml.etree.ElementTree import Element, register_namespace

from octavo.kernel.media.packaging.rows import Track

LICENCE = "licence"  # where players ask for keys, beside the manifest
_CENC = "urn:mpeg:cenc:2013"
_CLEAR_KEY = UUID("e2719d58-a985-b3c9-781a-b030af78d30e")  # of the DASH industry forum
register_namespace("cenc", _CENC)


def key_file(key_id: UUID) -> str:
    return f"{key_id}.key"


def key_tags(track: Track) -> list[str]:
    """The same key in two ways: its 16 bytes at an address, and as browsers' own system asks for it by its id."""
    if track.key_id is None:
        return []
    method = "#EXT-X-KEY:METHOD=SAMPLE-AES-CTR"
    return [
        f'{method},URI="{key_file(track.key_id)}",KEYFORMAT="identity",KEYFORMATVERSIONS="1"',
        f'{method},URI="{LICENCE}",KEYID=0x{track.key_id.hex},KEYFORMAT="org.w3.clearkey",KEYFORMATVERSIONS="1"',
    ]


def content_protection(track: Track) -> Iterator[Element]:
    """DASH-IF interoperability points, part 6: the scheme with its default key, then the system that asks for it."""
    if track.key_id is None:
        return
    scheme = Element("ContentProtection", schemeIdUri="urn:mpeg:dash:mp4protection:2011", value="cenc")
    scheme.set(f"{{{_CENC}}}default_KID", str(track.key_id))
    yield scheme
    # The header (pssh) stands in the files alone: dash.js would take one in the manifest for a list of ids.
    yield Element("ContentProtection", schemeIdUri=f"urn:uuid:{_CLEAR_KEY}", value="ClearKey1.0")
