"""Who is calling: an account by its token, one of its API keys, or a person by an access token that a key signed."""

import binascii
from base64 import b64decode
from hashlib import blake2b
from hmac import compare_digest

import jwt

from octavo.kernel.context import Context, Engines
from octavo.kernel.identity import check_caller, count_wrong_caller
from octavo.kernel.secrets import unseal
from octavo.products.comms.account import queries
from octavo.products.comms.account.proven import proven
from octavo.products.comms.account.rows import Caller
from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.sids import is_sid, read_sid

ACCESS_TOKEN_TYPE = "twilio-fpa;v=1"  # noqa: S105 -- the content type of access tokens, no secret
_WRONG = "Authentication Error - invalid username"


async def authenticate(ctx: Context, authorization: str, address: str, *, people: bool = False) -> Caller:
    """Basic with an account SID or key SID, or Bearer with an access token where `people` may come. Raises
    CommsRefusal 20003, or TooMany for who was wrong too often at that network address.

    The answer is remembered for five seconds, so a key that was deleted or a token that was replaced works that much
    longer in other processes.
    """
    digest = blake2b(authorization.encode(), digest_size=16).hexdigest()
    caller = await ctx.engines.cache.get_or_load(
        f"comms.caller:{digest}:{address}",
        lambda: _prove(ctx, authorization, digest, address),
        ttl=queries.SECONDS_CACHED,
    )
    if caller.is_person and not people:
        raise CommsRefusal(20003, "An access token does not open this; use the account's token or an API key.")
    return caller


async def _prove(ctx: Context, authorization: str, digest: str, address: str) -> Caller:
    """Who is wrong time and again at one address waits longer and longer there. What was right lately does not wait,
    so that nobody is locked out by a stranger who has the same address.
    """
    if not authorization:
        raise CommsRefusal(20003, _WRONG)
    right, name = proven(ctx.engines), _name(authorization)
    if digest not in right:
        await check_caller(ctx, name, address)
    try:
        caller = await _find(ctx.engines, authorization)
    except CommsRefusal as refusal:
        right.discard(digest)
        if not isinstance(refusal.__cause__, jwt.ExpiredSignatureError):  # it was right once, and is no guess
            await count_wrong_caller(ctx, name, address)
        raise
    right.add(digest)
    return caller


def _name(authorization: str) -> str:
    """What a caller goes by: the name beside the password, or the token itself, which has none that can be trusted."""
    try:
        return _basic(authorization)[0]
    except CommsRefusal:
        return authorization


async def _find(engines: Engines, authorization: str) -> Caller:
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return await _by_access_token(engines, credentials.strip())
    username, password = _basic(authorization)
    if is_sid(username, "SK"):
        return await _by_key(engines, username, password)
    return await _by_token(engines, username, password)


def _basic(authorization: str) -> tuple[str, str]:
    """Username and password. Raises CommsRefusal 20003."""
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() != "basic":
        raise CommsRefusal(20003, _WRONG)
    try:
        username, _, password = b64decode(credentials, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise CommsRefusal(20003, _WRONG) from None
    return username, password


async def _by_token(engines: Engines, username: str, password: str) -> Caller:
    if not is_sid(username, "AC"):
        raise CommsRefusal(20003, _WRONG)
    db, account_id = engines.db.main, read_sid(username, "AC")
    account = await queries.find_account(db, account_id)
    is_test = False
    if account is None:
        tested = await queries.tested_account(db, account_id)
        account, is_test = (await queries.find_account(db, tested) if tested else None), True
    found = await queries.tokens(db, account.id) if account else None
    if account is None or found is None:
        raise CommsRefusal(20003, _WRONG)
    sealed = [found.sealed_test_token] if is_test else [found.sealed_token, found.sealed_secondary_token]
    context = f"{queries.TOKEN}:{account.id}"
    tokens = [unseal(engines.settings, one, context=context) for one in sealed if one is not None]
    if not any(compare_digest(token, password.encode()) for token in tokens):
        raise CommsRefusal(20003, "Authentication Error - invalid password")
    return Caller(account, is_test=is_test)


async def _by_key(engines: Engines, username: str, password: str) -> Caller:
    key_id = read_sid(username, "SK")
    account_id = await queries.account_of_key(engines.db.main, key_id)
    secret = await queries.key_secret(engines, account_id, key_id) if account_id else None
    if account_id is None or secret is None or not compare_digest(secret.encode(), password.encode()):
        raise CommsRefusal(20003, _WRONG)
    account = await queries.account(engines.db.main, account_id)
    return Caller(account, key_id=key_id, is_main=False)


async def _by_access_token(engines: Engines, token: str) -> Caller:
    """HS256 under the secret of the key that `iss` names, for the account of `sub`."""
    try:
        header, claims = jwt.get_unverified_header(token), jwt.decode(token, options={"verify_signature": False})
        key_id = read_sid(str(claims.get("iss", "")), "SK")
        account_id = await queries.account_of_key(engines.db.main, key_id)
        secret = await queries.key_secret(engines, account_id, key_id) if account_id else None
        if account_id is None or secret is None or header.get("cty") != ACCESS_TOKEN_TYPE:
            raise CommsRefusal(20003, "Access Token is not valid")
        claims = jwt.decode(token, secret, algorithms=["HS256"], options={"require": ["exp", "iss", "sub"]})
    except (jwt.InvalidTokenError, CommsRefusal) as error:
        raise CommsRefusal(20003, "Access Token is not valid, or has expired") from error
    account = await queries.account(engines.db.main, account_id)
    if claims["sub"] != account.sid:
        raise CommsRefusal(20003, "Access Token is for another account")
    return Caller(account, key_id=key_id, is_main=False, is_person=True)
