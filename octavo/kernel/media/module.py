"""What kernel.media brings to the house."""

from pathlib import Path

from octavo.kernel.media.commands import commands
from octavo.kernel.media.delivery.routes import play
from octavo.kernel.media.encryption.queries import CONTEXT as KEY_CONTEXT
from octavo.kernel.media.export import jobs as export
from octavo.kernel.media.garbage import jobs as garbage
from octavo.kernel.media.processing import jobs as processing
from octavo.kernel.media.processing import poster, storyboard, texts
from octavo.kernel.media.upload import jobs as upload
from octavo.kernel.media.upload.fetching import jobs as fetching
from octavo.kernel.media.upload.fetching.routes import api as fetching_api
from octavo.kernel.media.upload.folder import jobs as folder
from octavo.kernel.media.upload.joining import jobs as joining
from octavo.kernel.media.upload.routes import api
from octavo.kernel.media.upload.storing import store_upload
from octavo.kernel.module import Module, PersonalData, Sealed

MODULE = Module(
    name="media",
    routes=(*api.routes, *fetching_api.routes, *play.routes),
    jobs=(
        processing.probe_source,
        processing.encode_first_rung,
        processing.encode_chunk,
        processing.encode_sound,
        processing.fit_ladder,
        poster.make_poster,
        texts.extract_texts,
        storyboard.make_storyboard,
        processing.join_track,
        processing.fail_abandoned,
        export.copy_tracks,
        export.encode_export,
        garbage.remove_files,
        garbage.collect_chunks,
        garbage.sweep_strays,
        upload.settle_uploads,
        store_upload,
        joining.join_parts,
        fetching.fetch_source,
        folder.watch_folder,
        folder.take_watched_file,
    ),
    schedules=(*processing.SCHEDULES, *garbage.SCHEDULES, *upload.SCHEDULES, *folder.SCHEDULES),
    migrations=Path(__file__).parent / "migrations",
    commands=commands,
    sealed=(Sealed(table="media.content_key", column="sealed", context=KEY_CONTEXT, owner="asset_id", id="key_id"),),
    personal_data=(
        PersonalData(
            table="media.asset",
            person="owner_id",
            purpose="The files that a person has uploaded, and what is made of them to play them.",
            erase="delete",
        ),
        PersonalData(
            table="media.upload",
            person="owner_id",
            purpose="What a person is uploading, until it has arrived.",
            erase="delete",
        ),
        PersonalData(
            table="media.quota",
            person="owner_id",
            purpose="How much a person's files may take, where the operator has said so.",
            erase="delete",
        ),
        PersonalData(
            table="media.watched_file",
            person="owner_id",
            purpose="Which files of the watched folder were taken in for a person.",
            erase="delete",
        ),
    ),
)
