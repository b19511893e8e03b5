"""HLS playlists, read back by an independent parser."""

from itertools import pairwise

import m3u8
from msgspec.structs import replace

from octavo.kernel.media.packaging import (
    TextFile,
    hls_growing_text,
    hls_key_frames,
    hls_master,
    hls_media,
    hls_text,
)
from tests.kernel.media.packaging.tracks import a_video_track, an_audio_track, an_index

EVEN = [4.0, 4.0, 4.0, 1.0]


def test_a_finished_track_is_a_vod_of_byte_ranges() -> None:
    playlist = m3u8.loads(hls_media(a_video_track(an_index(EVEN, [1000, 2000, 3000, 400]), ended=True)))
    assert playlist.playlist_type == "vod"
    assert playlist.is_endlist
    assert playlist.target_duration == 4
    assert [segment.byterange for segment in playlist.segments] == ["1000@700", "2000@1700", "3000@3700", "400@6700"]
    assert playlist.segment_map[0].byterange == "600@0"


def test_a_growing_playlist_only_grows() -> None:
    pieces = [an_index([4, 4], [1000, 1000]), an_index([4, 3], [900, 800], start=8), an_index([5.9], [50], start=15)]
    versions = [hls_media(a_video_track(*pieces[:n], ended=False)) for n in (1, 2, 3)]
    for before, after in pairwise(versions):
        assert after.startswith(before)
        assert "#EXT-X-PLAYLIST-TYPE:EVENT" in after
        assert "#EXT-X-ENDLIST" not in after
    ended = hls_media(a_video_track(*pieces, ended=True))
    assert ended == versions[-1] + "#EXT-X-ENDLIST\n"


def test_pieces_with_one_initialisation_segment_name_it_once() -> None:
    pieces = [an_index([4], [1000]), an_index([4], [900], start=4)]
    assert hls_media(a_video_track(*pieces, ended=False)).count("#EXT-X-MAP") == 1


def test_bandwidth_is_the_true_peak_of_a_finished_track() -> None:
    video = a_video_track(an_index(EVEN, [500_000, 1_000_000, 250_000, 250_000]), ended=True)
    variant = m3u8.loads(hls_master([video])).playlists[0].stream_info
    # One second at 2 Mbit/s is too short to count by itself (RFC 8216, 4.3.4.2); with its neighbour it does not peak.
    assert variant.bandwidth == 2_000_000
    assert variant.average_bandwidth == -(-2_000_000 * 8 // 13)
    assert variant.resolution == (854, 480)
    assert variant.frame_rate == 23.976
    assert variant.codecs == "avc1.64001e"


def test_a_growing_rendition_declares_its_cap() -> None:
    video = a_video_track(an_index([4, 4], [1000, 1000]), ended=False, cap=1_930_000)
    master = hls_master([video])
    assert m3u8.loads(master).playlists[0].stream_info.bandwidth == 1_930_000
    assert "AVERAGE-BANDWIDTH" not in master
    assert "I-FRAME" not in master


def test_languages_are_one_group_with_one_default() -> None:
    video = a_video_track(an_index(EVEN, [1000] * 4), ended=True)
    sounds = [
        an_audio_track("audio-0", language="en", label="English"),
        an_audio_track("audio-1", language="en", label="English"),
        an_audio_track("audio-2", language="und", label='A "quoted"\nname', default=False),
    ]
    playlist = m3u8.loads(hls_master([video, *sounds]))
    assert [media.name for media in playlist.media] == ["English", "English (2)", "A quoted name"]
    assert [media.default for media in playlist.media] == ["YES", "NO", "NO"]
    assert [media.language for media in playlist.media] == ["en", "en", None]
    assert playlist.playlists[0].stream_info.codecs == "avc1.64001e,mp4a.40.2"
    assert playlist.playlists[0].stream_info.audio == "audio"


def test_bright_pictures_say_so() -> None:
    plain = a_video_track(an_index(EVEN, [1000] * 4), ended=True)
    master = hls_master([plain, replace(plain, name="480p-av1-hdr", video_range="PQ")])
    assert [variant.stream_info.video_range for variant in m3u8.loads(master).playlists] == [None, "PQ"]
    assert master.count("VIDEO-RANGE=PQ") == 2  # the key frames too


def test_subtitles_are_one_group_that_every_variant_names() -> None:
    video = a_video_track(an_index(EVEN, [1000] * 4), ended=True)
    texts = [TextFile("text-1", "en", "English", 12.5, 900), TextFile("text-2", "en", "English", 12.5, 90, forced=True)]
    playlist = m3u8.loads(hls_master([video], texts))
    assert [(media.name, media.forced) for media in playlist.media] == [("English", "NO"), ("English (2)", "YES")]
    assert playlist.playlists[0].stream_info.subtitles == "text"
    [segment] = m3u8.loads(hls_text(texts[0])).segments
    assert (segment.uri, segment.duration) == ("text-1.vtt", 12.5)


def test_key_frames_have_a_playlist_of_their_own() -> None:
    video = a_video_track(an_index(EVEN, [1000, 2000, 3000, 400]), ended=True)
    playlist = m3u8.loads(hls_key_frames(video))
    assert playlist.is_i_frames_only
    assert [segment.byterange for segment in playlist.segments] == ["250@700", "500@1700", "750@3700", "100@6700"]
    assert m3u8.loads(hls_master([video])).iframe_playlists[0].uri == "480p-keyframes.m3u8"


def test_subtitles_grow_with_the_picture_in_parts_without_a_gap() -> None:
    words = TextFile("text-1", "el", "", 40.0, 900)
    pieces = [an_index([4, 4], [1000, 1000]), an_index([4, 3.503], [900, 800], start=8)]
    growing, grown = (hls_growing_text(words, a_video_track(*pieces[:n], ended=n == 2)) for n in (1, 2))
    assert grown.startswith(growing)
    assert (m3u8.loads(growing).is_endlist, m3u8.loads(grown).is_endlist) == (False, True)
    assert [segment.uri for segment in m3u8.loads(grown).segments] == [
        "text-1/0-4000.vtt", "text-1/4000-8000.vtt", "text-1/8000-12000.vtt", "text-1/12000-15503.vtt",
    ]  # fmt: skip


def test_the_bits_of_subtitles_are_declared_with_those_of_the_picture() -> None:
    video = a_video_track(an_index([4, 4], [1000, 1000]), ended=True)
    silent, worded = (
        m3u8.loads(hls_master([video], texts)).playlists[0].stream_info.bandwidth for texts in ((), TEXTS)
    )
    assert worded - silent == 250  # 1,000 bytes in 32 seconds, the more of the two


TEXTS = (TextFile("text-1", "el", "", 32.0, 1_000), TextFile("text-2", "de", "", 32.0, 900))


def test_a_film_without_captions_says_so_of_every_variant() -> None:
    """Or Shaka fetches a segment of the beginning, the middle and the end to find out."""
    plain = replace(a_video_track(an_index(EVEN, [1000] * 4), ended=True), captions=False)
    master = hls_master([plain, replace(plain, name="240p"), an_audio_track()])
    assert [one.stream_info.closed_captions for one in m3u8.loads(master).playlists] == ["NONE", "NONE"]
    assert master.count("CLOSED-CAPTIONS") == 2, "key frames alone have no such attribute"


def test_captions_belong_to_the_variants_that_carry_them() -> None:
    carrying = replace(a_video_track(an_index(EVEN, [1000] * 4), ended=True), captions=True)
    without = replace(carrying, name="480p-av1", captions=False)
    master = m3u8.loads(hls_master([carrying, without, an_audio_track(language="fr")]))
    assert [one.stream_info.closed_captions for one in master.playlists] == ['"captions"', None]
    [captions] = [one for one in master.media if one.type == "CLOSED-CAPTIONS"]
    assert (captions.group_id, captions.name, captions.language) == ("captions", "Français CC", "fr")
    assert (captions.instream_id, captions.uri) == ("CC1", None)


def test_nothing_is_said_of_captions_where_nobody_has_looked_for_them() -> None:
    assert "CLOSED-CAPTIONS" not in hls_master([a_video_track(an_index([4], [1000]), ended=True)])
