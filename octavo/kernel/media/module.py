"""What kernel.media brings to the house."""

from pathlib import Path

from octavo.kernel.media.commands import commands
from octavo.kernel.media.delivery.routes import play
from octavo.kernel.media.garbage import jobs as garbage
from octavo.kernel.media.processing import jobs as processing
from octavo.kernel.media.upload import jobs as upload
from octavo.kernel.media.upload.routes import api
from octavo.kernel.module import Module, PersonalData

MODULE = Module(
    name="media",
    routes=(*api.routes, *play.routes),
    jobs=(
        processing.probe_source,
        processing.encode_first_rung,
        processing.encode_chunk,
        processing.encode_sound,
        processing.make_poster,
        processing.join_track,
        processing.fail_abandoned,
        garbage.remove_files,
        garbage.collect_chunks,
        garbage.sweep_strays,
        upload.settle_uploads,
    ),
    schedules=(*processing.SCHEDULES, *garbage.SCHEDULES, *upload.SCHEDULES),
    migrations=Path(__file__).parent / "migrations",
    commands=commands,
    personal_data=(
        PersonalData(
            table="media.asset",
            person="owner_id",
            purpose="The files that a person has uploaded, and what is made of them to play them.",
            erase="delete",
        ),
    ),
)
