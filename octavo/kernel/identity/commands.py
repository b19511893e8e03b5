"""`octavo user`: make an account, give it a role, give it another password."""

import sys
from typing import Annotated

import msgspec
import typer

from octavo.kernel.command_line import DataOption, JsonOption, run_work
from octavo.kernel.context import Context
from octavo.kernel.identity.account.actions import reset_password
from octavo.kernel.identity.registration.actions import create_user
from octavo.kernel.identity.user.actions import change_role
from octavo.kernel.identity.user.queries import user_by_login
from octavo.kernel.identity.user.rows import User
from octavo.kernel.identity.user.rules import ROLES, NoSuchUser
from octavo.kernel.ids import new_secret

commands = typer.Typer(no_args_is_help=True)

Login = Annotated[str, typer.Argument(help="E-mail address or username.")]
FromStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input. Default: make one, print it."),
]


class Told(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a command prints. `password` only where the command made it."""

    user_id: str
    username: str
    email: str
    roles: list[str]
    password: str = ""


@commands.command("create")
def create(
    context: typer.Context,
    username: Annotated[str, typer.Option(help="3 to 30 letters, digits, dots, hyphens and underscores.")],
    email: Annotated[str, typer.Option(help="The address they sign in with.")],
    name: Annotated[str, typer.Option(help="What others see. Default: the username.")] = "",
    role: Annotated[str, typer.Option(help=f"One of {', '.join(ROLES)}. Default: that of a new account.")] = "",
    password_stdin: FromStdin = False,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Make an account, whether or not Octavo is running."""
    password, made = _password(password_stdin)

    async def work(ctx: Context) -> User:
        return await create_user(
            ctx, name=name or username, email=email, username=username, password=password, roles=[role] if role else []
        )

    _tell(run_work(context, data, work), json=json, words="Made {username} ({roles}).", password=made)


@commands.command("promote")
def promote(
    context: typer.Context,
    login: Login,
    role: Annotated[str, typer.Argument(help=f"One of {', '.join(ROLES)}; each includes those before it.")],
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Give a user a role and all lesser ones. A lesser role than before takes the greater ones away."""

    async def work(ctx: Context) -> User:
        return await change_role(ctx, await _found(ctx, login), role)

    _tell(run_work(context, data, work), json=json, words="{username} is now {roles}.")


@commands.command("reset")
def reset(
    context: typer.Context,
    login: Login,
    password_stdin: FromStdin = False,
    data: DataOption = None,
    json: JsonOption = False,
) -> None:
    """Give a user another password, sign them out everywhere, and lift a lock on their sign-in."""
    password, made = _password(password_stdin)

    async def work(ctx: Context) -> User:
        user = await _found(ctx, login)
        await reset_password(ctx, user, password)
        return user

    _tell(run_work(context, data, work), json=json, words="{username} has another password.", password=made)


async def _found(ctx: Context, login: str) -> User:
    user = await user_by_login(ctx.db.user, login)
    if user is None:
        raise NoSuchUser
    return user


def _password(from_stdin: bool) -> tuple[str, str]:
    """The password to set, and the same once more if it has to be shown."""
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n"), ""
    made = new_secret(12)
    return made, made


def _tell(user: User, *, json: bool, words: str, password: str = "") -> None:
    if json:
        told = Told(str(user.id), user.username, user.email, user.roles, password)
        print(msgspec.json.encode(told).decode())
        return
    print(words.format(username=user.username, roles=", ".join(user.roles)))
    if password:
        print(f"Password: {password}")
