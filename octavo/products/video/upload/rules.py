"""Who may bring a film."""

from octavo.kernel.context import Context
from octavo.products.video.title.rules import may_upload


def check_uploader(ctx: Context) -> None:
    """Raises NotACreator where the operator has kept uploading to creators."""
    may_upload(ctx.actor, ctx.settings.video.uploads)
