"""Identity: who someone is, how they prove it, on which devices they are signed in, and what they may do."""

from octavo.kernel.identity.account.actions import reset_password
from octavo.kernel.identity.attempt.actions import check_caller, count_wrong_caller
from octavo.kernel.identity.audit.rows import Visitor
from octavo.kernel.identity.keyed_hash import address_hash, keyed_hash
from octavo.kernel.identity.people.queries import is_blocked, search_users
from octavo.kernel.identity.people.rows import FoundUser
from octavo.kernel.identity.people.rules import Blocked
from octavo.kernel.identity.registration.actions import create_user
from octavo.kernel.identity.registration.setup_code import forget_setup_code, keep_setup_code
from octavo.kernel.identity.session.actions import open_session, sign_in
from octavo.kernel.identity.session.authenticate import SESSION_COOKIE, actor_of_token, authenticate
from octavo.kernel.identity.session.rows import OpenedSession
from octavo.kernel.identity.user.actions import change_role
from octavo.kernel.identity.user.queries import is_founded, public_users, user_by_id, user_by_login, user_names
from octavo.kernel.identity.user.rows import PublicUser, User
from octavo.kernel.identity.user.rules import ROLES, NoSuchUser
from octavo.kernel.identity.visitor import visitor_of

__all__ = [
    "ROLES",
    "SESSION_COOKIE",
    "Blocked",
    "FoundUser",
    "NoSuchUser",
    "OpenedSession",
    "PublicUser",
    "User",
    "Visitor",
    "actor_of_token",
    "address_hash",
    "authenticate",
    "change_role",
    "check_caller",
    "count_wrong_caller",
    "create_user",
    "forget_setup_code",
    "is_blocked",
    "is_founded",
    "keep_setup_code",
    "keyed_hash",
    "open_session",
    "public_users",
    "reset_password",
    "search_users",
    "sign_in",
    "user_by_id",
    "user_by_login",
    "user_names",
    "visitor_of",
]
