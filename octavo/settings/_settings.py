"""The whole of the settings as one frozen value: a field per package, and the data directory."""

from pathlib import Path

import msgspec

from octavo.settings.blobs import BlobsSettings
from octavo.settings.cache import CacheSettings
from octavo.settings.callbacks import CallbacksSettings
from octavo.settings.comms import CommsSettings
from octavo.settings.db import DbSettings
from octavo.settings.events import EventsSettings
from octavo.settings.gateway import GatewaySettings
from octavo.settings.http import HttpSettings
from octavo.settings.identity import IdentitySettings
from octavo.settings.jobs import JobsSettings
from octavo.settings.mail import MailSettings
from octavo.settings.media import MediaSettings
from octavo.settings.outgoing import OutgoingSettings
from octavo.settings.secrets import SecretsSettings
from octavo.settings.ui import UiSettings
from octavo.settings.video import VideoSettings


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    data_dir: Path
    db: DbSettings = msgspec.field(default_factory=DbSettings)
    http: HttpSettings = msgspec.field(default_factory=HttpSettings)
    jobs: JobsSettings = msgspec.field(default_factory=JobsSettings)
    events: EventsSettings = msgspec.field(default_factory=EventsSettings)
    blobs: BlobsSettings = msgspec.field(default_factory=BlobsSettings)
    cache: CacheSettings = msgspec.field(default_factory=CacheSettings)
    outgoing: OutgoingSettings = msgspec.field(default_factory=OutgoingSettings)
    callbacks: CallbacksSettings = msgspec.field(default_factory=CallbacksSettings)
    secrets: SecretsSettings = msgspec.field(default_factory=SecretsSettings)
    identity: IdentitySettings = msgspec.field(default_factory=IdentitySettings)
    mail: MailSettings = msgspec.field(default_factory=MailSettings)
    media: MediaSettings = msgspec.field(default_factory=MediaSettings)
    video: VideoSettings = msgspec.field(default_factory=VideoSettings)
    comms: CommsSettings = msgspec.field(default_factory=CommsSettings)
    gateway: GatewaySettings = msgspec.field(default_factory=GatewaySettings)
    ui: UiSettings = msgspec.field(default_factory=UiSettings)


def packages() -> dict[str, type[msgspec.Struct]]:
    """The settings struct of each package, by the package's name, in the order of `Settings`."""
    return {name: kind for name, kind in Settings.__annotations__.items() if name != "data_dir"}
