"""Closed captions inside of the picture, as manifests tell of them: the first channel of CTA-608, CC1.

By that standard it speaks the language of the programme's sound. What else there may be in other channels is in the
picture too, and not announced.
"""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement

from octavo.kernel.film import UNKNOWN, language_code, language_name
from octavo.kernel.media.packaging.rows import Track

_CHANNEL = "CC1"
_GROUP = "captions"
_CEA_608 = "urn:scte:dash:cc:cea-608:2015"


def captions_rendition(tracks: Sequence[Track]) -> list[str]:
    """The line of an HLS master playlist that names the captions, where a picture carries any."""
    if not any(track.captions for track in tracks):
        return []
    language = _language(tracks)
    name = f"{language_name(language)} CC".strip()
    attributes = ["TYPE=CLOSED-CAPTIONS", f'GROUP-ID="{_GROUP}"', f'NAME="{name}"']
    if language != UNKNOWN:
        attributes.append(f'LANGUAGE="{language}"')
    return ["#EXT-X-MEDIA:" + ",".join([*attributes, "DEFAULT=NO", "AUTOSELECT=YES", f'INSTREAM-ID="{_CHANNEL}"'])]


def captions_attribute(track: Track, tracks: Sequence[Track]) -> list[str]:
    """What a variant says of captions. NONE is for all variants or for no one (RFC 8216, 4.3.4.2).

    Players that are told nothing look for themselves: Shaka fetches three segments before it begins.
    """
    if track.captions:
        return [f'CLOSED-CAPTIONS="{_GROUP}"']
    if all(one.captions is False for one in tracks if one.kind == "video"):
        return ["CLOSED-CAPTIONS=NONE"]
    return []


def add_captions(group: Element, tracks: Sequence[Track]) -> None:
    """Tells of the captions in an adaptation set of DASH (SCTE 214-1), languages as ISO 639-2 has them."""
    code = language_code(_language(tracks))
    SubElement(group, "Accessibility", schemeIdUri=_CEA_608, value=f"{_CHANNEL}={code}" if code else _CHANNEL)


def _language(tracks: Sequence[Track]) -> str:
    return next((track.language for track in tracks if track.kind == "audio" and track.default), UNKNOWN)
