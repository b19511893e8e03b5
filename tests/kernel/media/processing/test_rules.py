"""Which steps follow from what is done: the graph of an asset's work, without any of the work."""

from datetime import UTC, datetime

from msgspec.structs import replace

from octavo.kernel.ids import new_id
from octavo.kernel.media.asset.rows import Asset, AssetState
from octavo.kernel.media.processing.rows import Chunk, ChunkState, EncodeChunk, Graph, JoinTrack, Rendition, Steps
from octavo.kernel.media.processing.rules import NOTHING, following_steps

ID = new_id()
STARTS = (0.0, 8.0, 28.0, 79.0)


def an_asset(state: AssetState, *, played: bool = False) -> Asset:
    then = datetime(2030, 1, 1, tzinfo=UTC)
    return Asset(
        asset_id=ID, owner_id=new_id(), purpose="test", filename="film.mp4", state=state, failure="", generation=1,
        size=1, src_sha256="", source_key="", width=0, height=0, duration=130, poster_key="", poster_etag="",
        manifest_version=0, created_at=then, changed_at=then, first_played_at=then if played else None,
    )  # fmt: skip


def a_graph(
    state: AssetState,
    *,
    first: list[ChunkState],
    other: list[ChunkState] | None = None,
    sound_until: float | None = None,
    states: dict[str, str] | None = None,
    played: bool = False,
) -> Graph:
    """Two rungs of chunks of 8, 20, 51 and 51 seconds; with `sound_until`, one language encoded that far."""
    ends = (*STARTS[1:], 130.0)
    told = states or {}
    names = ["480p", "720p"] if other else ["480p"]
    renditions = [
        Rendition(rendition=name, kind="video", position=n, state=told.get(name, "encoding"))  # type: ignore[arg-type]
        for n, name in enumerate(names)
    ]
    chunks = [Chunk("480p", n, state, STARTS[n], ends[n]) for n, state in enumerate(first)]
    chunks += [Chunk("720p", n, state, STARTS[n], ends[n]) for n, state in enumerate(other or [])]
    if sound_until is not None:
        state_of_sound = told.get("audio-0", "encoding")
        renditions.append(
            Rendition(rendition="audio-0", kind="audio", position=9, state=state_of_sound)  # type: ignore[arg-type]
        )
        chunks += [Chunk("audio-0", 0, "ready", 0, sound_until)] if sound_until else []
    return Graph(an_asset(state, played=played), tuple(renditions), tuple(chunks))


def test_a_film_without_sound_is_playable_with_its_first_chunk() -> None:
    assert following_steps(a_graph("probing", first=["queued", "waiting"])) == NOTHING
    assert following_steps(a_graph("probing", first=["ready", "waiting"])) == Steps(publish="growing")


def test_a_film_with_sound_waits_for_its_first_piece() -> None:
    assert following_steps(a_graph("probing", first=["ready", "waiting"], sound_until=0)) == NOTHING
    assert following_steps(a_graph("probing", first=["queued", "waiting"], sound_until=8)) == NOTHING
    assert following_steps(a_graph("probing", first=["ready", "waiting"], sound_until=8)).publish == "growing"


def test_a_film_of_many_languages_waits_for_the_first_two_only() -> None:
    def graph(*heard: str) -> Graph:
        begun = a_graph("probing", first=["ready", "waiting"])
        languages = [
            Rendition(rendition=f"audio-{n}", kind="audio", position=9 + n, state="encoding") for n in range(10)
        ]
        pieces = [Chunk(name, 0, "ready", 0, 8.0) for name in heard]
        return Graph(begun.asset, (*languages, *begun.renditions), (*begun.chunks, *pieces))

    assert following_steps(graph("audio-0", "audio-9")) == NOTHING
    assert following_steps(graph("audio-0", "audio-1")).publish == "growing"


def test_sound_that_has_ended_keeps_nobody_waiting() -> None:
    graph = a_graph("probing", first=["ready", "waiting"], sound_until=0, states={"audio-0": "encoded"})
    assert following_steps(graph).publish == "growing"


def test_the_beginning_of_the_first_rung_comes_before_better_ones() -> None:
    four: list[ChunkState] = ["waiting"] * 4
    steps = following_steps(a_graph("playable", first=["ready", "waiting", "waiting", "waiting"], other=four))
    assert steps == Steps(encode_first_rung=(EncodeChunk(ID, 1, ("480p",)),))
    begun = a_graph("playable", first=["ready", "queued", "waiting", "waiting"], other=four)
    assert following_steps(begun) == NOTHING


def test_what_nobody_waits_for_comes_with_better_rungs() -> None:
    graph = a_graph("playable", first=["ready", "ready", "waiting", "waiting"], other=["waiting"] * 4)
    assert following_steps(graph) == Steps(encode_others=tuple(EncodeChunk(ID, n, ("720p",)) for n in range(4)))


def test_once_somebody_plays_the_film_all_of_the_first_rung_goes_ahead() -> None:
    four: list[ChunkState] = ["waiting"] * 4
    steps = following_steps(a_graph("playable", first=["ready", "queued", *four[2:]], other=four, played=True))
    assert steps == Steps(encode_first_rung=(EncodeChunk(ID, 2, ("480p",)), EncodeChunk(ID, 3, ("480p",))))
    asked: list[ChunkState] = ["ready", "ready", "ready", "queued"]
    assert following_steps(a_graph("playable", first=asked, other=four, played=True)) == NOTHING


def test_a_film_of_one_rung_waits_for_no_other() -> None:
    steps = following_steps(a_graph("playable", first=["ready", "ready", "waiting", "waiting"]))
    assert [chunk.n for chunk in steps.encode_first_rung] == [2, 3]


def test_better_rungs_follow_and_the_first_is_joined() -> None:
    graph = a_graph("playable", first=["ready", "ready"], other=["waiting", "waiting"])
    assert following_steps(graph) == Steps(
        encode_others=(EncodeChunk(ID, 0, ("720p",)), EncodeChunk(ID, 1, ("720p",))), join=(JoinTrack(ID, "480p"),)
    )


def test_nothing_is_asked_for_twice() -> None:
    graph = a_graph("playable", first=["ready"], other=["queued"], states={"480p": "encoded"})
    assert following_steps(graph) == NOTHING


def test_the_last_joined_track_completes_the_film() -> None:
    ready = {"480p": "ready", "720p": "ready", "audio-0": "encoded"}
    graph = a_graph("playable", first=["ready"], other=["ready"], sound_until=130, states=ready)
    assert following_steps(graph) == NOTHING
    graph = a_graph("playable", first=["ready"], other=["ready"], sound_until=130, states={**ready, "audio-0": "ready"})
    assert following_steps(graph) == Steps(publish="whole")


def test_nothing_follows_for_an_asset_that_is_settled() -> None:
    for state in ("uploaded", "complete", "failed", "deleted"):
        assert following_steps(a_graph(state, first=["ready"], states={"480p": "ready"})) == NOTHING  # type: ignore[arg-type]


def test_what_does_not_play_soon_waits_for_the_fitting() -> None:
    four: list[ChunkState] = ["waiting"] * 4
    played = a_graph("playable", first=["ready", *four[1:]], other=four, played=True)
    unfitted = Graph(replace(played.asset, unfitted=True), played.renditions, played.chunks)
    assert following_steps(unfitted) == Steps(encode_first_rung=(EncodeChunk(ID, 1, ("480p",)),))
    ahead = a_graph("playable", first=["ready", "ready", *four[2:]], other=four)
    assert following_steps(Graph(replace(ahead.asset, unfitted=True), ahead.renditions, ahead.chunks)) == NOTHING
    assert len(following_steps(ahead).encode_others) == 4
