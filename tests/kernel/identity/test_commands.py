"""`octavo user`, with and without a running Octavo."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from octavo.kernel.context import Context
from octavo.kernel.identity import user_by_login
from octavo.kernel.identity.session.actions import WrongCredentials, sign_in
from tests.kernel.identity.persons import HERE, PASSWORD, a_user


def octavo_user(*words: str, url: str, folder: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "octavo.cli", "user", *words, "--data", str(folder)],
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        env={"DATABASE_URL": url, "PATH": "/usr/bin:/bin"},
        check=False,
    )


@pytest.mark.slow
async def test_an_account_is_made_with_a_password_that_opens_it(
    ctx: Context, database_url: str, tmp_path: Path
) -> None:
    made = octavo_user(
        "create", "--username", "ada", "--email", "ada@example.org", "--role", "operator", "--json",
        url=database_url, folder=tmp_path,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    told = json.loads(made.stdout)
    assert told["roles"] == ["user", "creator", "moderator", "operator"]
    opened = await sign_in(ctx, login="ada", password=told["password"], kind="bearer", visitor=HERE)
    assert str(opened.user.id) == told["user_id"]


@pytest.mark.slow
async def test_a_role_and_a_password_are_changed(ctx: Context, database_url: str, tmp_path: Path) -> None:
    await a_user(ctx, "ada")
    promoted = octavo_user("promote", "ada@example.org", "moderator", url=database_url, folder=tmp_path)
    assert promoted.stdout == "ada is now user, creator, moderator.\n"
    found = await user_by_login(ctx.db.user, "ada")
    assert found is not None
    assert found.roles == ["user", "creator", "moderator"]
    given = "nine white storks"
    reset = octavo_user("reset", "ada", "--password-stdin", url=database_url, folder=tmp_path, given=f"{given}\n")
    assert reset.stdout == "ada has another password.\n"
    await sign_in(ctx, login="ada", password=given, kind="bearer", visitor=HERE)
    with pytest.raises(WrongCredentials):
        await sign_in(ctx, login="ada", password=PASSWORD, kind="bearer", visitor=HERE)


@pytest.mark.slow
async def test_what_cannot_be_done_is_said_on_stderr(ctx: Context, database_url: str, tmp_path: Path) -> None:
    await a_user(ctx, "ada")
    unknown = octavo_user("promote", "nobody", "creator", url=database_url, folder=tmp_path)
    assert (unknown.returncode, unknown.stdout, unknown.stderr) == (1, "", "There is no such user\n")
    wrong = octavo_user("create", "--username", "ada", "--email", "x", url=database_url, folder=tmp_path)
    assert wrong.returncode == 1
    assert "email: Enter an e-mail address" in wrong.stderr
