"""The keys under which a try at a password is counted: the account with the address, the account, the address.

Programs that prove themselves with each call are counted by their name with the address, and by the address.
"""

from uuid import UUID

from octavo.kernel.identity.audit.rows import Visitor
from octavo.kernel.identity.claim.rules import email_key, is_email, username_key
from octavo.kernel.identity.keyed_hash import address_hash, keyed_hash
from octavo.settings import Settings


def keys_of_login(settings: Settings, login: str, visitor: Visitor) -> list[str]:
    """Keys by what was typed, whether or not it is anyone's, so that being stopped tells nothing about accounts."""
    return _keys(hash_of_login(settings, login), visitor)


def keys_of_user(settings: Settings, user_id: UUID, visitor: Visitor) -> list[str]:
    """Keys for someone signed in who is asked for the password once more."""
    return _keys(keyed_hash(settings, f"user:{user_id}"), visitor)


def keys_of_caller(settings: Settings, name: str, address: str) -> list[str]:
    """`name` is what a program calls itself by in its credentials, whether or not it is anyone's."""
    place = address_hash(settings, address)
    keys = [f"caller:{keyed_hash(settings, f'caller:{name}')}:{place}"]
    return [*keys, f"callers:{place}"] if place else keys


def hash_of_login(settings: Settings, login: str) -> str:
    return keyed_hash(settings, f"login:{email_key(login) if is_email(login) else username_key(login)}")


def _keys(account: str, visitor: Visitor) -> list[str]:
    keys = [f"login:{account}", f"pair:{account}:{visitor.address_hash}"]
    return [*keys, f"address:{visitor.address_hash}"] if visitor.address_hash else keys
