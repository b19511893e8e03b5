"""What kernel.identity brings to the house."""

from pathlib import Path

from octavo.kernel.identity.commands import commands
from octavo.kernel.identity.jobs import FORGET_OLD_TRACES, forget_old_traces
from octavo.kernel.identity.routes import ROUTES
from octavo.kernel.module import Module, PersonalData

_HERE = Path(__file__).parent


def _kept(table: str, purpose: str) -> PersonalData:
    return PersonalData(table=f"identity.{table}", person="user_id", purpose=purpose, erase="delete")


MODULE = Module(
    name="identity",
    routes=ROUTES,
    jobs=[forget_old_traces],
    schedules=[FORGET_OLD_TRACES],
    migrations=_HERE / "migrations",
    commands=commands,
    personal_data=[
        _kept("user", "to know who has an account, and what to call them"),
        _kept("email_claim", "to find the account that an address signs in to"),
        _kept("username_claim", "to find the account that a username signs in to"),
        _kept("password", "to check a password without knowing it"),
        _kept("session", "to keep people signed in and to show them where"),
        _kept("about", "what a person says about themselves, for others to read"),
        _kept("search_word", "to find a person by name or username"),
        _kept("block", "to keep people away from whom they do not want to meet"),
        _kept("founding", "to know that the site has its first user"),
        PersonalData(
            table="identity.audit",
            person="pseudonym",
            purpose="to show who did what to which account when something went wrong",
            erase="kept under a pseudonym that nothing links to the person once identity.user is erased",
        ),
        PersonalData(
            table="identity.attempt",
            person="attempt_key",
            purpose="to slow down guessing of passwords; keyed hashes only",
            erase="deleted a day after the last try, whoever it was",
        ),
    ],
)
