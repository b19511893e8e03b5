"""Where a call goes: the vendor has a host for each of its products, and some paths mean one thing on each of them."""

HOSTS = frozenset(
    {
        "accounts",
        "api",
        "chat",
        "conversations",
        "ip-messaging",
        "lookups",
        "messaging",
        "monitor",
        "notify",
        "numbers",
        "pricing",
        "verify",
        "video",
        "voice",
    }
)
_SUFFIX = ".json"


def locate(host: str, path: str) -> str:
    """The path among our routes: `/verify/v2/Services` for that path on `verify.twilio.com`, in any region or edge.

    A host that is not one of the vendor's names means its first API. The suffix `.json` says nothing new.
    """
    product = host.partition(".")[0]
    path = path.removesuffix(_SUFFIX)
    return f"/{product if product in HOSTS else 'api'}{path}"
