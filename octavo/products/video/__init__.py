"""Video: a streaming service. People upload films, which play within seconds while better qualities still encode.

The kernel's media package owns bytes, encoding and delivery; this product owns titles, who may see them, and watching.
"""

from pathlib import Path

from octavo.kernel.article import dialect
from octavo.kernel.events import Consumer
from octavo.kernel.media import Purpose
from octavo.kernel.module import NavItem, PersonalData, Product
from octavo.products.video.chapter import routes as chapter
from octavo.products.video.download import routes as download
from octavo.products.video.home import routes as home
from octavo.products.video.mine import routes as mine
from octavo.products.video.plain import routes as plain
from octavo.products.video.plain import stream
from octavo.products.video.poster import routes as poster
from octavo.products.video.storage import routes as storage
from octavo.products.video.subtitle import routes as subtitle
from octavo.products.video.title import actions, rules
from octavo.products.video.title import jobs as title_jobs
from octavo.products.video.title import routes as title
from octavo.products.video.title.events import AssetChangedSeen
from octavo.products.video.title.queries import asset_of_title
from octavo.products.video.upload import plain as plain_upload
from octavo.products.video.upload import routes as upload
from octavo.products.video.upload.actions import PURPOSE
from octavo.products.video.watch import routes as watch

PURPOSES = (
    Purpose(
        name=PURPOSE,
        accepts=("video/*", "application/octet-stream"),
        created=actions.create_title,
        asset_behind=asset_of_title,
        allowed=lambda ctx: rules.may_upload(ctx.actor, ctx.settings.video.uploads),
    ),
)

PRODUCT = Product(
    name="video",
    title="Video",
    summary="Upload a film and watch it within seconds, in the best quality the line carries.",
    home="/video",
    icon="clapperboard",
    nav=(
        NavItem(label="Home", href="/video", icon="house"),
        NavItem(label="Upload", href="/video/upload", icon="upload"),
        NavItem(label="My videos", href="/video/mine", icon="film"),
    ),
    routes=(
        *home.pages.routes,
        *upload.pages.routes,
        *upload.api.routes,
        *mine.pages.routes,
        *watch.pages.routes,
        *watch.api.routes,
        *title.api.routes,
        *download.pages.routes,
        *download.api.routes,
        *subtitle.pages.routes,
        *subtitle.api.routes,
        *chapter.pages.routes,
        *chapter.api.routes,
        *poster.pages.routes,
        *poster.api.routes,
        *storage.pages.routes,
        *storage.api.routes,
    ),
    dialects=(dialect((*plain.api.routes, *stream.api.routes, *plain_upload.api.routes)),),
    jobs=(title_jobs.purge_deleted_titles,),
    schedules=(title_jobs.PURGE_SCHEDULE,),
    consumers=(
        Consumer("video.copy_film", on="media.asset_changed", takes=AssetChangedSeen, handle=actions.take_over_film),
    ),
    migrations=Path(__file__).parent / "migrations",
    personal_data=(
        PersonalData(
            table="video.title",
            person="owner_id",
            purpose="the films a person uploaded and what they say about them",
            erase="delete",
        ),
        PersonalData(
            table="video.position",
            person="user_id",
            purpose="to go on watching where a person stopped",
            erase="delete",
        ),
    ),
)
