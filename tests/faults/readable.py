"""What is left of a film as its viewers get it: pictures, sounds and their times, under whatever key they lie."""

import hashlib
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from octavo.kernel.media.encryption.queries import CONTEXT
from octavo.kernel.media.packaging import ContentKey, decrypt_fragments, index_fragments
from octavo.kernel.media.packaging.boxes import boxes_of_file
from octavo.kernel.media.packaging.fragments import fragments_of
from octavo.kernel.secrets import unseal
from octavo.settings import load_settings
from tests.faults.stored import Digests, database_of, local_digests
from tests.harness.files import sha256_of


async def only_key(data_dir: Path) -> ContentKey:
    """Of a running Octavo, whose one film is encrypted: no step that was repeated has drawn a second key."""
    async with database_of(data_dir) as connection:
        [row] = await connection.fetch("SELECT asset_id, key_id, sealed FROM media.content_key")
    context = CONTEXT.format(owner=row["asset_id"], id=row["key_id"])
    return ContentKey(row["key_id"], unseal(load_settings(data_dir, environ={}), row["sealed"], context=context))


def under(key: ContentKey | None) -> Digests:
    """Every piece and track is read under the key, or as it is; a file that the key does not belong to is broken."""
    return partial(local_digests, digest=lambda path: _played(path, key) if path.suffix == ".mp4" else sha256_of(path))


def _played(path: Path, key: ContentKey | None) -> str:
    with TemporaryDirectory() as folder:
        opened = Path(folder) / "opened.mp4"
        if key is not None:
            decrypt_fragments(path, opened, key)
            path = opened
        index = index_fragments(path)
        times = [(segment.decode_time, segment.duration) for segment in index.segments]
        about = (index.codec, index.timescale, index.width, index.height, index.channels, times)
        digest = hashlib.sha256(repr(about).encode())
        with path.open("rb") as file:
            for _, mdat in fragments_of(list(boxes_of_file(file))):
                file.seek(mdat.body)
                digest.update(file.read(mdat.end - mdat.body))
        return digest.hexdigest()
