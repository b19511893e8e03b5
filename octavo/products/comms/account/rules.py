"""What accounts may be called and become."""

from octavo.products.comms.account.rows import Account, Status
from octavo.products.comms.codes import CommsRefusal

LONGEST_NAME = 64


def checked_name(name: str) -> str:
    """Raises CommsRefusal 20001 for one that is too long."""
    name = name.strip()
    if len(name) > LONGEST_NAME:
        raise CommsRefusal(20001, f"FriendlyName is too long: it has at most {LONGEST_NAME} characters.")
    return name


def may_become(account: Account, status: Status) -> None:
    """Sub-accounts are suspended, opened again and, for good, closed. Raises CommsRefusal."""
    if account.status == status:
        return
    if account.status == "closed":
        raise CommsRefusal(20001, "A closed account cannot be opened again.")
    if account.parent_id is None:
        raise CommsRefusal(20001, "Only sub-accounts can be suspended or closed; this account is a main one.")


def may_act_for(caller: Account, account: Account) -> bool:
    return caller.id in (account.id, account.parent_id)


def check_open(account: Account) -> None:
    """Raises CommsRefusal for a suspended or closed account."""
    if account.status == "suspended":
        raise CommsRefusal(20005, "Account is suspended")
    if account.status == "closed":
        raise CommsRefusal(10001, "Account is not active")
