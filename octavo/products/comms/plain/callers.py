"""For which account a call of the plain paths is: these clients have one key, in one header."""

from base64 import b64encode

from octavo.kernel.article import ArticleRefusal, credentials_of
from octavo.kernel.context import Context
from octavo.kernel.http import Request
from octavo.kernel.identity import actor_of_token
from octavo.products.comms.account.authenticate import authenticate
from octavo.products.comms.account.queries import accounts_of_owner
from octavo.products.comms.account.rows import Account
from octavo.products.comms.account.rules import check_open
from octavo.products.comms.codes import CommsRefusal


async def account_of(ctx: Context, request: Request) -> Account:
    """By Basic credentials, by `SID:secret` or an access token as the key, or by the token of the account's owner.

    Raises ArticleRefusal 401, CommsRefusal where the account is closed or the credentials are for tests.
    """
    given = request.headers.get("authorization", "").strip()
    key = credentials_of(request)
    owner = await actor_of_token(ctx.engines, key)
    if owner is not None and owner.user_id is not None:
        accounts = await accounts_of_owner(ctx.db.main, owner.user_id)
        if not accounts:
            raise ArticleRefusal(403, {"error": "Open an account for communications first"})
        check_open(accounts[0])
        return accounts[0]
    if not key:
        raise ArticleRefusal(401, {"error": "Unauthorized"})
    if not given.lower().startswith("basic "):
        given = f"Basic {b64encode(key.encode()).decode()}" if ":" in key else f"Bearer {key}"
    try:
        caller = await authenticate(ctx, given, request.address)
    except CommsRefusal:
        raise ArticleRefusal(401, {"error": "Unauthorized"}) from None
    if caller.is_test:
        raise CommsRefusal(20008)
    check_open(caller.account)
    return caller.account
