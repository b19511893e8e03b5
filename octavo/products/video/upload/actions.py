"""Taking in films: those of a form as they arrive, or one from an address."""

from uuid import UUID

from msgspec import UNSET

from octavo.kernel.context import Context
from octavo.kernel.http import MultipartParts
from octavo.kernel.media import FetchRequest, open_fetch, receive_whole
from octavo.kernel.refusals import Invalid
from octavo.products.video.title import queries, rules
from octavo.products.video.title.actions import edit_title
from octavo.products.video.title.rows import Title, TitleChanges, TitleId

PURPOSE = "video.title"
FILMS_PER_FORM = 20


async def receive_films(ctx: Context, parts: MultipartParts, *, belongs_to: TitleId | None = None) -> list[Title]:
    """Every file of the form, in order; a film never has to fit into memory.

    The text fields `title` and `description` say something about the film, where there is only one.
    Raises NotACreator before a byte is stored; a film that is refused does not undo those before it.
    """
    rules.may_upload(ctx.actor, ctx.settings.video.uploads)
    received: list[UUID] = []
    said: dict[str, str] = {}
    async for part in parts:
        if part.filename is None and part.name in ("title", "description"):
            said[part.name] = await part.text()
        elif part.filename:
            if len(received) == FILMS_PER_FORM:
                sentence = f"At most {FILMS_PER_FORM} films at a time. The first {FILMS_PER_FORM} have arrived."
                raise Invalid(sentence, fields={"film": sentence})
            film = await receive_whole(
                ctx,
                part,
                part.filename,
                PURPOSE,
                filetype=part.content_type,
                announced=parts.length or 1,
                belongs_to=belongs_to,
            )
            received.append(film.asset_id)
    if not received:
        raise Invalid("Choose at least one film to upload.", fields={"film": "Choose a film."})
    titles = [await _title_of(ctx, asset_id) for asset_id in received]
    if len(titles) == 1 and any(text.strip() for text in said.values()):
        titles = [await edit_title(ctx, titles[0].id, _changes(said))]
    return titles


async def fetch_film(ctx: Context, url: str, *, belongs_to: TitleId | None = None) -> Title:
    """A title whose film the server fetches from the address. Raises NotACreator, and Invalid for an address that
    leads to no film.
    """
    rules.may_upload(ctx.actor, ctx.settings.video.uploads)
    film = await open_fetch(ctx, FetchRequest(url=url, purpose=PURPOSE, belongs_to=belongs_to))
    return await _title_of(ctx, film.asset_id)


async def _title_of(ctx: Context, asset_id: UUID) -> Title:
    title_id = await queries.title_of_film(ctx.db.main, asset_id)
    assert title_id is not None, "the purpose has made the title with the asset"
    return await queries.title(ctx.db.main, title_id, ctx.actor)


def _changes(said: dict[str, str]) -> TitleChanges:
    return TitleChanges(title=said.get("title", "").strip() or UNSET, description=said.get("description", UNSET))
