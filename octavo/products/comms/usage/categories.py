"""What is counted, under the names that the vendor gives it, and which sums there are."""

from msgspec import Struct

TOTAL = "totalprice"


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
    kinds = ("local", "mobile", "tollfree", "national", "voip", "sharedcost")
    return [
        Category("phonenumbers", "Phone Numbers", "numbers", "numbers"),
        *(
            Category(f"phonenumbers-{kind}", f"{kind.title()} Phone Numbers", "numbers", "numbers", "phonenumbers")
            for kind in kinds
        ),
    ]


CATEGORIES: dict[str, Category] = {
    one.name: one
    for one in (
        Category(TOTAL, "Total Price", "", "", ""),
        *_messages("sms", "SMS"),
        *_messages("mms", "MMS"),
        *_calls(),
        *_numbers(),
        Category("lookups", "Lookups", "lookups", "lookups"),
        Category("carrier-lookups", "Carrier Lookups", "lookups", "lookups", "lookups"),
        Category("calleridlookups", "Caller Name Lookups", "lookups", "lookups", "lookups"),
        Category("mediastorage", "Media Storage", "files", "gb months"),
        Category("recordings", "Recordings", "recordings", "minutes"),
        Category("authy-phone-verifications", "Verifications", "verifications", "verifications"),
    )
}


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
