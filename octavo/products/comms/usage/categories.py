"""What is counted, under the names that the vendor gives it, and which sums there are."""

from msgspec import Struct

TOTAL = "totalprice"
NUMBERS = {"local": "Local", "mobile": "Mobile", "tollfree": "Toll Free"}


class Category(Struct, frozen=True):
    """`count_unit` and `usage_unit` are blank where the vendor counts nothing but money."""

    name: str
    description: str
    count_unit: str = "messages"
    usage_unit: str = "messages"
    parent: str = TOTAL


def _messages(kind: str, title: str) -> list[Category]:
    """Texts or pictures, both ways, by the kind of number on our side."""
    found = [Category(kind, title, "messages", "segments" if kind == "sms" else "messages")]
    for way, whither in (("inbound", "Inbound"), ("outbound", "Outbound")):
        found.append(Category(f"{kind}-{way}", f"{whither} {title}", parent=kind))
        found += [
            Category(f"{kind}-{way}-longcode", f"{whither} Long Code {title}", parent=f"{kind}-{way}"),
            Category(f"{kind}-{way}-shortcode", f"{whither} Short Code {title}", parent=f"{kind}-{way}"),
        ]
    return found


def _calls() -> list[Category]:
    names = ("calls-inbound", "calls-inbound-local", "calls-inbound-tollfree", "calls-outbound", "calls-client")
    parents = {"calls-inbound-local": "calls-inbound", "calls-inbound-tollfree": "calls-inbound"}
    return [
        Category("calls", "Voice Minutes", "calls", "minutes"),
        *(
            Category(name, name.replace("-", " ").title(), "calls", "minutes", parents.get(name, "calls"))
            for name in names
        ),
    ]


def _numbers() -> list[Category]:
    return [
        Category("phonenumbers", "Phone Numbers", "numbers", "numbers"),
        *(
            Category(f"phonenumbers-{kind}", f"{title} Phone Numbers", "numbers", "numbers", "phonenumbers")
            for kind, title in NUMBERS.items()
        ),
    ]


def _lookups() -> list[Category]:
    return [
        Category("lookups", "Lookups", "lookups", "lookups"),
        *(
            Category(name, title, "lookups", "lookups", "lookups")
            for name, title in (
                ("number-format-lookups", "Number Format Lookups"),
                ("carrier-lookups", "Carrier Lookups"),
                ("calleridlookups", "Caller Name Lookups"),
            )
        ),
    ]


def _verifications() -> list[Category]:
    return [
        Category("authy-phone-verifications", "Verifications", "verifications", "verifications"),
        Category("authy-sms-outbound", "Verification Codes by SMS"),
        Category("authy-calls-outbound", "Verification Codes by Call", "calls", "calls"),
        Category("verify-totp", "Verifications by TOTP", "verifications", "verifications"),
    ]


CATEGORIES: dict[str, Category] = {
    one.name: one
    for one in (
        Category(TOTAL, "Total Price", "", "", ""),
        *_messages("sms", "SMS"),
        *_messages("mms", "MMS"),
        *_calls(),
        *_numbers(),
        *_lookups(),
        *_verifications(),
        Category("mediastorage", "Media Storage", "file days", "megabyte days"),
        Category("recordings", "Recordings", "recordings", "minutes"),
    )
}


def category_of_number(kind: str) -> str:
    """The vendor has no category of its own for kinds that few countries have."""
    return f"phonenumbers-{kind if kind in NUMBERS else 'local'}"


def ancestry(category: str) -> list[str]:
    """The category and the sums that it belongs to."""
    found = []
    while category:
        found.append(category)
        category = CATEGORIES[category].parent
    return found


def members(category: str) -> list[str]:
    """What is counted under a category: itself and all that it is a sum of."""
    return [name for name in CATEGORIES if category in ancestry(name)]
