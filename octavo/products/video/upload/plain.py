"""The plain path of uploading: one multipart request, for programs that know a token and nothing else."""

from typing import Any

from octavo.kernel.article import ArticleRefusal, person
from octavo.kernel.context import Context
from octavo.kernel.http import MultipartParts, Request, Router, granted
from octavo.kernel.media import UPLOADS
from octavo.kernel.refusals import Forbidden, Invalid
from octavo.products.video.plain.routes import movie
from octavo.products.video.upload.actions import receive_films
from octavo.products.video.upload.routes import UploadFor

api = Router("", product="video")
token = granted("a token", "the handler looks up whose token the call carries")


@api.post(
    "/video/upload",
    access=token,
    status=201,
    summary="Upload a film",
    body_limit=0,
    limit=UPLOADS,
    documented=False,
)
async def upload_film(ctx: Context, query: UploadFor, parts: MultipartParts, request: Request) -> dict[str, Any]:
    """`for` names the movie that was added before; `title` and `description` may come as fields of the form."""
    ctx = await person(ctx, request)
    try:
        titles = await receive_films(ctx, parts, belongs_to=query.title_id)
    except Invalid as refusal:
        raise ArticleRefusal(400, {"error": "Invalid video data", "reasons": dict(refusal.fields)}) from None
    except Forbidden as refusal:
        raise ArticleRefusal(403, {"error": refusal.detail}) from None
    videos = [movie(title) for title in titles]
    return {"message": "Video uploaded successfully", "video": videos[0], "videos": videos}
