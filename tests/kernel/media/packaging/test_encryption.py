"""Common encryption of fragments: only the key gives the pictures back, and the same work gives the same bytes."""

import asyncio
import subprocess
from pathlib import Path
from uuid import UUID

import imageio_ffmpeg
import pytest

from octavo.kernel.media.encode import encode_audio, encode_chunk, ladder, plan_chunks, planned_sounds, probe
from octavo.kernel.media.encode.rows import AudioPiece
from octavo.kernel.media.packaging import (
    BrokenBoxes,
    ContentKey,
    decrypt_fragments,
    encrypt_fragments,
    index_fragments,
    join_pieces,
)
from octavo.kernel.media.packaging.boxes import boxes_of_file
from octavo.kernel.media.packaging.encryption import initialisation_vector
from octavo.kernel.media.packaging.fragments import fragments_of
from tests.kernel.media.films import a_film

KEY = ContentKey(UUID(int=7), bytes(range(16)))
OTHER = ContentKey(UUID(int=8), bytes(range(1, 17)))
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def tracks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A picture and a sound as the encoder leaves them."""
    folder = tmp_path_factory.mktemp("clear")

    async def encode() -> dict[str, Path]:
        film = a_film(folder / "film.mp4", seconds=2, size="320x240")
        source, pieces = await probe(film), list[AudioPiece]()

        async def keep(piece: AudioPiece) -> None:
            pieces.append(piece)

        chunks = await encode_chunk(film, folder, plan_chunks(source)[0], ladder(source)[:1], source)
        await encode_audio(film, folder, next(iter(planned_sounds(source).values())), source, on_piece=keep)
        return {"video": next(iter(chunks.values())).path, "audio": pieces[0].path}

    return asyncio.run(encode())


def decoded(path: Path, key: ContentKey | None = None) -> str:
    """The hash of every picture or block of sound, by a decoder that nobody here wrote."""
    opening = ["-decryption_key", key.secret.hex()] if key else []
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "quiet", *opening, "-i", str(path), "-f", "framemd5", "-"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def samples(path: Path) -> bytes:
    with path.open("rb") as file:
        found = b""
        for _, mdat in fragments_of(list(boxes_of_file(file))):
            file.seek(mdat.body)
            found += file.read(mdat.end - mdat.body)
        return found


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_whoever_has_the_key_sees_and_hears_what_it_was(tracks: dict[str, Path], tmp_path: Path, kind: str) -> None:
    clear, locked = tracks[kind], tmp_path / "locked.mp4"
    index = encrypt_fragments(clear, locked, KEY)
    before = index_fragments(clear)
    assert (index.kind, index.codec, index.duration) == (before.kind, before.codec, before.duration)
    assert decoded(locked, KEY) == decoded(clear)
    assert decoded(locked, OTHER) != decoded(clear)
    joined = tmp_path / "joined.mp4"
    join_pieces([locked], joined)
    assert decoded(joined, KEY) == decoded(clear)


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_the_same_file_gives_the_same_bytes_and_under_another_key_others(
    tracks: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    for name, key in (("once", KEY), ("again", KEY), ("other", OTHER)):
        encrypt_fragments(tracks[kind], tmp_path / name, key)
    assert (tmp_path / "once").read_bytes() == (tmp_path / "again").read_bytes()
    assert samples(tmp_path / "once") != samples(tmp_path / "other")


@pytest.mark.parametrize("kind", ["video", "audio"])
def test_what_was_encrypted_can_be_undone_to_the_byte(tracks: dict[str, Path], tmp_path: Path, kind: str) -> None:
    encrypt_fragments(tracks[kind], tmp_path / "locked", KEY)
    decrypt_fragments(tmp_path / "locked", tmp_path / "open", KEY)
    assert samples(tmp_path / "open") == samples(tracks[kind])
    assert decoded(tmp_path / "open") == decoded(tracks[kind])


def test_hardly_a_byte_of_the_sound_and_the_picture_stays_where_it_was(tracks: dict[str, Path], tmp_path: Path) -> None:
    """Of a picture the headers stay, which say how it is divided and nothing of what it shows."""
    for kind, most in (("audio", 0.02), ("video", 0.35)):
        encrypt_fragments(tracks[kind], tmp_path / kind, KEY)
        clear, locked = samples(tracks[kind]), samples(tmp_path / kind)
        same = sum(one == other for one, other in zip(clear, locked, strict=True))
        assert same / len(clear) < most


def test_two_samples_never_share_a_vector_and_the_same_one_keeps_its_own() -> None:
    some = [bytes([n]) * 50 for n in range(200)]
    vectors = {initialisation_vector(KEY, sample) for sample in some}
    assert len(vectors) == len(some)
    assert initialisation_vector(KEY, some[0]) in vectors
    assert initialisation_vector(OTHER, some[0]) not in vectors


def test_what_is_encrypted_is_not_encrypted_again(tracks: dict[str, Path], tmp_path: Path) -> None:
    encrypt_fragments(tracks["video"], tmp_path / "locked", KEY)
    with pytest.raises(BrokenBoxes):
        encrypt_fragments(tmp_path / "locked", tmp_path / "twice", KEY)
