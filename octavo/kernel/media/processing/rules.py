"""The graph of an asset's work, purely: which steps follow from what is done.

probe -> { sound per language, poster, first chunk of the first rung } -> playable
      -> the first rung of the film's beginning -> the ladder fitted to the film, where it is to be
      -> all of the first rung, once somebody plays the film
      -> chunks of the other rungs, and with them what is left of the first -> joined tracks -> complete
      -> further variants, which nobody waits for -> published beside the others
"""

from collections import defaultdict

from octavo.kernel.media.processing.rows import Chunk, EncodeChunk, Graph, JoinTrack, Rendition, Steps

# A film with ten languages does not wait for the tenth. Those that come later are in the next version.
LANGUAGES_AT_FIRST = 2
# Seconds of the film that the first rung goes ahead of the others, so that nobody who begins to play it waits: before
# they are over, more of it is there. What nobody waits for is encoded with the others, which decodes the source once.
LEAD = 20.0
NOTHING = Steps()


def following_steps(graph: Graph) -> Steps:
    """Taken, they change the graph; what then follows is asked for again, until nothing does."""
    if graph.asset.state == "probing":
        return Steps(publish="growing") if is_playable(graph) else NOTHING
    if graph.asset.state == "complete":
        return _further_steps(graph)
    if graph.asset.state != "playable":
        return NOTHING
    if all(rendition.state == "ready" for rendition in graph.renditions):
        return Steps(publish="whole")
    return Steps(
        encode_first_rung=_first_rung_ahead(graph),
        encode_others=_chunks_of_other_rungs(graph),
        join=_joinable(graph),
    )


def _further_steps(graph: Graph) -> Steps:
    """Variants that a complete film gets besides come to players all at once, when the last of them is there."""
    if not all(rendition.state == "ready" for rendition in graph.renditions):
        return Steps(join=_joinable(graph))
    return NOTHING if all(rendition.published for rendition in graph.renditions) else Steps(publish="whole")


def is_playable(graph: Graph) -> bool:
    """The first chunk of the first rung is there, and of the first languages the first piece.

    That may be shorter than the chunk; but sound is encoded many times faster than it is heard.
    """
    chunks = _by_rendition(graph)
    if not any(chunk.n == 0 and chunk.state == "ready" for chunk in chunks[first_rung(graph).rendition]):
        return False
    sounds = (r for r in graph.renditions if r.kind == "audio" and not r.surround)
    tracks = sorted(sounds, key=lambda rendition: rendition.position)
    return all(chunks[track.rendition] or track.state != "encoding" for track in tracks[:LANGUAGES_AT_FIRST])


def first_rung(graph: Graph) -> Rendition:
    return min((r for r in graph.renditions if r.kind == "video"), key=lambda rendition: rendition.position)


def _first_rung_ahead(graph: Graph) -> tuple[EncodeChunk, ...]:
    name = first_rung(graph).rendition
    waiting = [
        chunk.n
        for chunk in _chunks_ahead(graph)
        if chunk.state == "waiting" and (chunk.starts < LEAD or not graph.asset.unfitted)
    ]
    return tuple(EncodeChunk(graph.asset.asset_id, n, (name,)) for n in sorted(waiting))


def _chunks_ahead(graph: Graph) -> list[Chunk]:
    """The chunks of the first rung that are not left to come with the others."""
    all_of_it = _by_rendition(graph)[first_rung(graph).rendition]
    if graph.asset.first_played_at or sum(rung.kind == "video" for rung in graph.renditions) == 1:
        return all_of_it
    return [chunk for chunk in all_of_it if chunk.starts < LEAD]


def _chunks_of_other_rungs(graph: Graph) -> tuple[EncodeChunk, ...]:
    """None before those ahead: a film that plays to its end comes before one that looks better."""
    first = first_rung(graph)
    if graph.asset.unfitted or any(chunk.state != "ready" for chunk in _chunks_ahead(graph)):
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
