"""The set-up code: proof, before the first account exists, that who asks for it can read the data directory."""

import os
import secrets
from pathlib import Path

from octavo.kernel.context import Context
from octavo.kernel.http import Request
from octavo.kernel.ids import new_secret
from octavo.kernel.loopback import is_near
from octavo.kernel.refusals import Forbidden

FILE_NAME = "setup-code"
# Whatever a proxy adds on the way: with any of them the visitor may be anybody, however near the proxy is.
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "via")


class SetupCodeWrong(Forbidden):
    title = "From another machine, the first account needs the set-up code"


def keep_setup_code(data_dir: Path) -> str:
    """The code of this data directory, made at the first call, in a file that its owner alone can read."""
    if earlier := _kept_code(data_dir):
        return earlier
    code = new_secret(16)
    part = data_dir / f"{FILE_NAME}.part"
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(f"{code}\n")
    part.replace(data_dir / FILE_NAME)
    return code


def forget_setup_code(data_dir: Path) -> None:
    (data_dir / FILE_NAME).unlink(missing_ok=True)


def from_this_machine(request: Request) -> bool:
    """Whether the request came over loopback, with no sign of anybody who passed it on."""
    return is_near(request.address) and not any(name in request.headers for name in FORWARDED)


def check_setup_code(ctx: Context, given: str) -> None:
    """Raises SetupCodeWrong, also when `octavo up` has made no code."""
    kept = _kept_code(ctx.settings.data_dir)
    if not kept or not secrets.compare_digest(kept.encode(), given.strip().encode()):
        reason = "This is not the code" if given.strip() else "Give the code"
        raise SetupCodeWrong(fields={"setup_code": f"{reason} that octavo up printed when it started."})


def _kept_code(data_dir: Path) -> str:
    try:
        return (data_dir / FILE_NAME).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return ""
