"""The DASH manifest (ISO/IEC 23009-1) of a finished presentation, as a pure function of the rows.

It follows the on-demand profile: one file per track, with a segment index (sidx) that players fetch. Lists of byte
ranges would need no index, but ffmpeg never gets past the first of them. A film that still grows is published as HLS
only: a DASH player starts a dynamic presentation at its newest end, where a film is to start at its beginning.
"""

from collections.abc import Sequence
from math import gcd
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from octavo.kernel.media.packaging.bitrates import peak_rate, text_rate
from octavo.kernel.media.packaging.captions import add_captions
from octavo.kernel.media.packaging.key_signals import content_protection
from octavo.kernel.media.packaging.menu import menu_names
from octavo.kernel.media.packaging.rows import TextFile, Track, TrackIndex
from octavo.kernel.media.packaging.storyboard import Storyboard, add_tiles

_PROFILE = "urn:mpeg:dash:profile:isoff-on-demand:2011"
_CHANNELS = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011"
_LAYOUTS = {8: "12"}  # 7.1: up to six channels, the number of the layout is that of its channels (ISO/IEC 23091-3)
_ROLES = "urn:mpeg:dash:role:2011"
_BT2020 = (("ColourPrimaries", "9"), ("MatrixCoefficients", "9"))
# ISO/IEC 23091-2, as DASH-IF asks for it of HDR10 and HLG.
_LIGHT = {"PQ": (*_BT2020, ("TransferCharacteristics", "16")), "HLG": (*_BT2020, ("TransferCharacteristics", "18"))}


class NotFinished(ValueError):
    """A track still grows, or its pieces are not joined yet."""


def dash_manifest(tracks: Sequence[Track], texts: Sequence[TextFile] = (), storyboard: Storyboard | None = None) -> str:
    """A static MPD with one adaptation set for the picture, one per audio track and subtitles, one of the tiles."""
    for track in tracks:
        if not track.whole or not track.pieces[0].index.sidx_length:
            raise NotFinished(f"{track.name} is not one whole file yet")
    video = [track for track in tracks if track.kind == "video"]
    audio = [track for track in tracks if track.kind == "audio"]
    seconds = max(_end(track) for track in tracks)
    mpd = Element("MPD", {"xmlns": "urn:mpeg:dash:schema:mpd:2011", "profiles": _PROFILE, "type": "static"})
    mpd.attrib.update(mediaPresentationDuration=f"PT{seconds:.3f}S", minBufferTime="PT4S")
    period = SubElement(mpd, "Period", id="0", start="PT0S", duration=f"PT{seconds:.3f}S")
    plain = [track for track in video if track.form == video[0].form]
    _video_set(period, 0, plain, audio)
    for number, (track, name) in enumerate(zip(audio, menu_names(audio), strict=True), start=1):
        _audio_set(period, number, track, name, ranked=any(sound.beside for sound in audio))
    for number, (text, name) in enumerate(zip(texts, menu_names(texts), strict=True), start=len(audio) + 1):
        _text_set(period, number, text, name)
    if storyboard:
        add_tiles(period, len(audio) + len(texts) + 1, storyboard)
    for number, form in enumerate(_further_forms(video), start=len(audio) + len(texts) + 2):
        _video_set(period, number, [track for track in video if track.form == form], audio)
    ElementTree.indent(mpd, space=" ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(mpd, encoding="unicode") + "\n"


def _end(track: Track) -> float:
    index = track.pieces[0].index
    return index.start + index.duration


def _further_forms(video: Sequence[Track]) -> list[str]:
    """Codecs and ranges of light besides the first: players never change between them, so each is a set of its own."""
    return list(dict.fromkeys(track.form for track in video if track.form != video[0].form))


def _video_set(period: Element, number: int, tracks: Sequence[Track], audio: Sequence[Track]) -> None:
    widest = max((track.pieces[0].index for track in tracks), key=lambda index: index.width)
    group = SubElement(period, "AdaptationSet", id=str(number), contentType="video", mimeType="video/mp4")
    group.attrib.update(subsegmentAlignment="true", subsegmentStartsWithSAP="1", maxWidth=str(widest.width))
    group.attrib.update(maxHeight=str(widest.height), par=_ratio(widest), maxFrameRate=tracks[0].frame_rate)
    group.extend(content_protection(tracks[0]))
    for kind, value in _LIGHT.get(tracks[0].video_range, ()):
        SubElement(group, "EssentialProperty", schemeIdUri=f"urn:mpeg:mpegB:cicp:{kind}", value=value)
    if tracks[0].captions:
        add_captions(group, audio)
    for track in tracks:
        index = track.pieces[0].index
        size = {"width": str(index.width), "height": str(index.height), "frameRate": track.frame_rate, "sar": "1:1"}
        _representation(group, track, size)


def _audio_set(period: Element, number: int, track: Track, name: str, *, ranked: bool) -> None:
    """Where there is surround sound too, players are told to begin with stereo (ISO/IEC 23009-1, 5.3.3.2)."""
    index = track.pieces[0].index
    group = SubElement(period, "AdaptationSet", id=str(number), contentType="audio", mimeType="audio/mp4")
    group.attrib.update(lang=track.language, subsegmentAlignment="true", subsegmentStartsWithSAP="1")
    group.extend(content_protection(track))
    if ranked:
        group.set("selectionPriority", "1" if track.beside else "3" if track.default else "2")
    is_main = track.default and not track.beside
    SubElement(group, "Role", schemeIdUri=_ROLES, value="main" if is_main else "alternate")
    SubElement(group, "Label").text = name
    representation = _representation(group, track, {"audioSamplingRate": str(index.sample_rate)})
    channels = Element(
        "AudioChannelConfiguration", schemeIdUri=_CHANNELS, value=_LAYOUTS.get(index.channels, str(index.channels))
    )
    representation.insert(0, channels)


def _text_set(period: Element, number: int, text: TextFile, name: str) -> None:
    """One file for the whole film needs no index: players fetch it as it is."""
    group = SubElement(period, "AdaptationSet", id=str(number), contentType="text", mimeType="text/vtt")
    group.set("lang", text.language)
    SubElement(group, "Role", schemeIdUri=_ROLES, value="forced-subtitle" if text.forced else "subtitle")
    SubElement(group, "Label").text = name
    representation = SubElement(group, "Representation", id=text.name, bandwidth=str(text_rate([text])))
    SubElement(representation, "BaseURL").text = text.uri


def _representation(group: Element, track: Track, attributes: dict[str, str]) -> Element:
    piece = track.pieces[0]
    representation = SubElement(group, "Representation", id=track.name, bandwidth=str(peak_rate(track)))
    representation.attrib.update(codecs=piece.index.codec, **attributes)
    SubElement(representation, "BaseURL").text = piece.uri
    init, index = piece.index.init_length, piece.index.sidx_length
    base = SubElement(representation, "SegmentBase", timescale=str(piece.index.timescale))
    base.set("indexRange", f"{init}-{init + index - 1}")
    SubElement(base, "Initialization", range=f"0-{init - 1}")
    return representation


def _ratio(index: TrackIndex) -> str:
    common = gcd(index.width, index.height)
    return f"{index.width // common}:{index.height // common}"
