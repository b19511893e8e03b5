"""`octavo media quota`: how much one person's files may take."""

from typing import Annotated

import msgspec
import typer

from octavo.kernel.command_line import DataOption, JsonOption, run_work
from octavo.kernel.context import Context
from octavo.kernel.identity import NoSuchUser, user_by_login
from octavo.kernel.media.upload.actions import quota_of, set_quota
from octavo.kernel.media.upload.rows import Quota


def quota(
    context: typer.Context,
    login: Annotated[str, typer.Argument(help="E-mail address or username.")],
    allowed: Annotated[
        str, typer.Argument(help="Bytes for this person; 0 sets no bound, `usual` goes back to the setting.")
    ] = "",
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Say how much of its quota a person's files take, or give the person another one."""
    if allowed and allowed != "usual" and not (allowed.isascii() and allowed.isdigit() and len(allowed) < 19):
        raise typer.BadParameter("write a whole number of bytes, or `usual`")

    async def work(ctx: Context) -> Quota:
        user = await user_by_login(ctx.db.user, login)
        if user is None:
            raise NoSuchUser
        if allowed:
            await set_quota(ctx, user.id, None if allowed == "usual" else int(allowed))
        return await quota_of(ctx, ctx.db.main, user.id)

    found = run_work(context, data, work)
    if json:
        print(msgspec.json.encode(found).decode())
    elif found.allowed:
        print(f"The files of {login} take {found.used:,} of {found.allowed:,} bytes.")
    else:
        print(f"The files of {login} have no bound.")
