"""The `octavo` command: start it, run parts of it elsewhere, look after it."""

import sys

import typer

from octavo.cli import demo, doctor, migrate, secrets, serve, up, worker
from octavo.cli.data_directory import DataDirectoryInUse
from octavo.cli.engines import run_as_system
from octavo.cli.listening import PortTaken
from octavo.cli.supervisor import NotReady
from octavo.kernel.db import MigrationFailed
from octavo.kernel.events.commands import commands as events_commands
from octavo.kernel.identity.commands import commands as user_commands
from octavo.kernel.jobs.commands import commands as jobs_commands
from octavo.kernel.mail.commands import commands as mail_commands
from octavo.kernel.media.commands import commands as media_commands
from octavo.kernel.refusals import Refusal
from octavo.products.comms.capacity.commands import capacity as comms_capacity
from octavo.products.comms.commands import commands as comms_commands
from octavo.settings import SettingsInvalid

application = typer.Typer(
    name="octavo", help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False, add_completion=False
)


@application.callback()
def hand_over_engines(context: typer.Context) -> None:
    # Packages' commands may not import the command line, so it hands them the way to the database.
    context.obj = run_as_system


application.command("up")(up.up)
application.command("serve")(serve.serve)
application.command("worker")(worker.worker)
application.command("migrate")(migrate.migrate)
application.command("doctor")(doctor.doctor)
application.command("demo")(demo.demo)
application.add_typer(user_commands, name="user", help="Make and look after users.")
application.add_typer(jobs_commands, name="jobs", help="See and retry background work.")
application.add_typer(mail_commands, name="mail", help="Read the mails that Octavo wrote.")
application.add_typer(media_commands, name="media", help="Look after uploaded films: their files and their playback.")
application.add_typer(events_commands, name="events", help="See and retry events that a consumer could not take.")
application.add_typer(secrets.commands, name="secrets", help="Change the key that secrets are sealed under.")
application.add_typer(comms_commands, name="comms", help="Look after the communications API.")

capacity = typer.Typer(no_args_is_help=True)
capacity.callback()(lambda: None)  # so that the first product already needs its name
capacity.command("comms")(comms_capacity)
application.add_typer(capacity, name="capacity", help="Compute what a load takes, with every step.")

EXPECTED = (DataDirectoryInUse, MigrationFailed, NotReady, PortTaken, Refusal, SettingsInvalid)


def main() -> None:
    """Run a command; what goes wrong in a way we know is one sentence on stderr and exit code 1."""
    try:
        application()
    except EXPECTED as failure:
        print(failure, file=sys.stderr)
        raise SystemExit(1) from None
