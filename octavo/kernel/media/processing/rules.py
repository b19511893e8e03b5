"""The graph of an asset's work, purely: which steps follow from what is done.

probe -> { sound per language, poster, first chunk of the first rung } -> playable
      -> the first rung's other chunks -> chunks of the other rungs -> joined tracks -> complete
"""

from collections import defaultdict

from octavo.kernel.media.processing.rows import Chunk, EncodeChunk, Graph, JoinTrack, Rendition, Steps

# A film with ten languages does not wait for the tenth. Those that come later are in the next version.
LANGUAGES_AT_FIRST = 2
NOTHING = Steps()


def following_steps(graph: Graph) -> Steps:
    """Taken, they change the graph; what then follows is asked for again, until nothing does."""
    if graph.asset.state == "probing":
        return Steps(publish="growing") if is_playable(graph) else NOTHING
    if graph.asset.state != "playable":
        return NOTHING
    if all(rendition.state == "ready" for rendition in graph.renditions):
        return Steps(publish="whole")
    return Steps(
        encode_first_rung=_rest_of_first_rung(graph),
        encode_others=_chunks_of_other_rungs(graph),
        join=_joinable(graph),
    )


def is_playable(graph: Graph) -> bool:
    """The first chunk of the first rung is there, and of the first languages the first piece.

    That may be shorter than the chunk; but sound is encoded many times faster than it is heard.
    """
    chunks = _by_rendition(graph)
    if not any(chunk.n == 0 and chunk.state == "ready" for chunk in chunks[first_rung(graph).rendition]):
        return False
    tracks = sorted((r for r in graph.renditions if r.kind == "audio"), key=lambda rendition: rendition.position)
    return all(chunks[track.rendition] or track.state != "encoding" for track in tracks[:LANGUAGES_AT_FIRST])


def first_rung(graph: Graph) -> Rendition:
    return min((r for r in graph.renditions if r.kind == "video"), key=lambda rendition: rendition.position)


def _rest_of_first_rung(graph: Graph) -> tuple[EncodeChunk, ...]:
    name = first_rung(graph).rendition
    waiting = [chunk.n for chunk in graph.chunks if chunk.rendition == name and chunk.state == "waiting"]
    return tuple(EncodeChunk(graph.asset.asset_id, n, (name,)) for n in sorted(waiting))


def _chunks_of_other_rungs(graph: Graph) -> tuple[EncodeChunk, ...]:
    """None before the first rung is encoded whole: a film that plays to its end comes before one that looks better."""
    first = first_rung(graph)
    if not _is_encoded(first, _by_rendition(graph)[first.rendition]):
        return ()
    others = {r.rendition: r.position for r in graph.renditions if r.kind == "video" and r != first}
    waiting: dict[int, list[str]] = defaultdict(list)
    for chunk in graph.chunks:
        if chunk.rendition in others and chunk.state == "waiting":
            waiting[chunk.n].append(chunk.rendition)
    return tuple(
        EncodeChunk(graph.asset.asset_id, n, tuple(sorted(names, key=others.__getitem__)))
        for n, names in sorted(waiting.items())
    )


def _joinable(graph: Graph) -> tuple[JoinTrack, ...]:
    """Tracks whose last chunk has just come. A track of sound says by itself that it is encoded."""
    chunks = _by_rendition(graph)
    return tuple(
        JoinTrack(graph.asset.asset_id, rung.rendition)
        for rung in graph.renditions
        if rung.kind == "video" and rung.state == "encoding" and _is_encoded(rung, chunks[rung.rendition])
    )


def _is_encoded(rendition: Rendition, chunks: list[Chunk]) -> bool:
    return rendition.state in ("encoded", "ready") or all(chunk.state == "ready" for chunk in chunks)


def _by_rendition(graph: Graph) -> dict[str, list[Chunk]]:
    found: dict[str, list[Chunk]] = defaultdict(list)
    for chunk in graph.chunks:
        found[chunk.rendition].append(chunk)
    return found
