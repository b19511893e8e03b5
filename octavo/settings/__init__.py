"""Every setting of Octavo, typed and documented: one struct per package, read once at start-up."""

from octavo.settings._describe import SettingDoc, describe_settings
from octavo.settings._load import SettingsInvalid, load_settings
from octavo.settings._settings import Settings
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
from octavo.settings.media import MediaSettings
from octavo.settings.outgoing import OutgoingSettings
from octavo.settings.ui import UiSettings
from octavo.settings.video import VideoSettings

__all__ = [
    "BlobsSettings",
    "CacheSettings",
    "CallbacksSettings",
    "CommsSettings",
    "DbSettings",
    "EventsSettings",
    "GatewaySettings",
    "HttpSettings",
    "IdentitySettings",
    "JobsSettings",
    "MediaSettings",
    "OutgoingSettings",
    "SettingDoc",
    "Settings",
    "SettingsInvalid",
    "UiSettings",
    "VideoSettings",
    "describe_settings",
    "load_settings",
]
