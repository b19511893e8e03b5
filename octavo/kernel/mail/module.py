"""What kernel.mail brings to the house."""

from pathlib import Path

from octavo.kernel.mail.commands import commands
from octavo.kernel.mail.delivery import deliver_mail
from octavo.kernel.mail.jobs import FORGET_OLD, forget_old_mail
from octavo.kernel.module import Module, PersonalData

MODULE = Module(
    name="mail",
    jobs=[deliver_mail, forget_old_mail],
    schedules=[FORGET_OLD],
    migrations=Path(__file__).parent / "migrations",
    commands=commands,
    personal_data=[
        PersonalData(
            table="mail.outbox",
            person="recipient",
            purpose="to deliver mails, and to show what was sent while no server is set",
            erase="deleted some days after it was written, whoever it was for",
        )
    ],
)
