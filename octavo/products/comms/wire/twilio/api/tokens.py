"""Tokens for media across networks: the STUN and TURN servers of this installation, with credentials that expire."""

from base64 import b64encode
from hashlib import sha1
from hmac import digest
from secrets import token_urlsafe

from octavo.products.comms.codes import CommsRefusal
from octavo.products.comms.wire.twilio.core import Api, Call, Fields, Params, rfc2822
from octavo.settings.comms import CommsSettings

api = Api("api", "/2010-04-01/Accounts/{account_sid}/Tokens", style="2010")
LONGEST = 86_400  # seconds


class TokenParams(Params):
    ttl: int = LONGEST


@api.create("", secret=True)
async def create_token(call: Call, params: TokenParams) -> Fields:
    """Give the servers, and credentials for those that relay."""
    if not 1 <= params.ttl <= LONGEST:
        raise CommsRefusal(20001, f"Ttl: from 1 to {LONGEST} seconds.")
    comms, now = call.ctx.settings.comms, call.ctx.now
    username = f"{int(now.timestamp()) + params.ttl}:{call.account.sid}"
    password = relay_password(comms, username)
    return {
        "account_sid": call.account_sid,
        "date_created": rfc2822(now),
        "date_updated": rfc2822(now),
        "ice_servers": [_server(url, username, password) for url in comms.ice_urls],
        "password": password,
        "ttl": str(params.ttl),
        "username": username,
    }


def relay_password(comms: CommsSettings, username: str) -> str:
    """As TURN servers check it that share a secret with us (draft-uberti-behave-turn-rest-00)."""
    if not comms.ice_secret:
        return token_urlsafe(24)
    return b64encode(digest(comms.ice_secret.encode(), username.encode(), sha1)).decode()


def _server(url: str, username: str, password: str) -> Fields:
    if url.startswith(("turn:", "turns:")):
        return {"username": username, "credential": password, "urls": url}
    return {"urls": url}
