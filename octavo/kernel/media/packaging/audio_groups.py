"""The groups of audio that an HLS player chooses between, all languages in each (RFC 8216, 4.3.4.1.1)."""

from collections.abc import Sequence

from octavo.kernel.media.packaging.rows import Track

STEREO = "audio"


def audio_groups(tracks: Sequence[Track]) -> dict[str, list[Track]]:
    """Stereo, then a group for each other codec of surround sound: players leave out those that they cannot decode.

    Where a language has no surround sound in that codec, its stereo stands in. Surround sound in the codec of the
    stereo is in its group: hls.js goes from one group of equal codecs to the other as the line allows, which a
    listener would hear. Empty without any sound.
    """
    stereo = [track for track in tracks if track.kind == "audio" and not track.beside]
    surround = [track for track in tracks if track.kind == "audio" and track.beside]
    families = {_family(track) for track in stereo}
    known = {track.name for track in stereo}
    alike = [track for track in surround if _family(track) in families and track.beside in known]
    groups = {STEREO: [*stereo, *alike]} if stereo else {}
    others = [track for track in surround if track not in alike]
    for codec in dict.fromkeys(_family(track) for track in others):
        instead = {track.beside: track for track in others if _family(track) == codec}
        groups[f"surround-{codec}"] = [instead.get(track.name, track) for track in stereo]
    return groups


def _family(track: Track) -> str:
    """Such as "mp4a" or "ac-3"."""
    return track.pieces[0].index.codec.partition(".")[0]
