"""The estimate: pure sums."""

import math
from collections.abc import Iterable, Sequence

from octavo.products.comms.capacity.rows import Inputs, Measured, Role, Step, Stored

DAY, YEAR_DAYS, MONTH_DAYS = 86_400, 365, 30
TB, BITS = 1e12, 8
ACCEPTED, READ, SENT, CALLED_BACK = (
    "accepted at the peak",
    "read at the peak",
    "segments sent at the peak",
    "callbacks at the peak",
)
ROLES = (
    Role("web nodes that accept messages", "accept", "accepted, against bare Starlette", ACCEPTED),
    Role("nodes that dispatch and deliver", "through", "delivered and told", ACCEPTED),
    Role("nodes that send callbacks", "callbacks", "a backlog goes out", CALLED_BACK),
    Role("SMPP binds", "smpp", "submit_sm with receipts", SENT),
)


def estimate(inputs: Inputs) -> list[Step]:
    """Rates, storage and traffic. A message is stored once, however often it is read."""
    i = inputs
    accepted, reads = i.messages_per_day / DAY, i.messages_per_day * i.reads_per_message / DAY
    stored_a_day = i.messages_per_day * i.message_bytes / TB
    stored = stored_a_day * i.years * YEAR_DAYS
    egress_a_day = i.messages_per_day * i.reads_per_message * i.message_bytes / TB
    gigabits = egress_a_day * TB * BITS / DAY / 1e9
    of_day = f"{i.messages_per_day:,.0f} messages / {DAY:,} s"
    return [
        Step("accepted", accepted, "messages/s", of_day),
        Step(ACCEPTED, accepted * i.peak, "messages/s", f"x {i.peak:g}"),
        Step("read", reads, "messages/s", f"accepted x {i.reads_per_message:g}"),
        Step(READ, reads * i.peak, "messages/s", f"x {i.peak:g}"),
        Step(
            SENT, accepted * i.peak * i.segments_per_message, "segments/s", f"{ACCEPTED} x {i.segments_per_message:g}"
        ),
        Step(
            CALLED_BACK,
            accepted * i.peak * i.callbacks_per_message,
            "requests/s",
            f"{ACCEPTED} x {i.callbacks_per_message:g}",
        ),
        Step("stored in a day", stored_a_day, "TB", f"{i.messages_per_day:,.0f} x {i.message_bytes:,.0f} bytes, once"),
        Step("stored", stored, "TB", f"x {i.years * YEAR_DAYS:,.0f} days"),
        Step("on disks", stored * i.copies, "TB", f"x {i.copies:g} copies"),
        Step("egress in a day", egress_a_day, "TB", f"what is read x {i.message_bytes:,.0f} bytes"),
        Step("egress", gigabits, "Gbit/s", f"x {BITS} / {DAY:,} s"),
        Step("egress at the peak", gigabits * i.peak, "Gbit/s", f"x {i.peak:g}"),
    ]


def nodes(steps: Sequence[Step], measured: Iterable[Measured]) -> list[Step]:
    """How many of each kind the peak takes, for the kinds whose rate was measured."""
    loads, rates = {step.name: step.value for step in steps}, list(measured)
    found = []
    for role in ROLES:
        rate = next((one.ours for one in rates if one.bench == role.bench and one.name.startswith(role.measure)), 0.0)
        if rate > 0:
            load = loads[role.load]
            how = f"{load:,.0f}/s / {rate:,.0f}/s of one, as ./dev bench {role.bench} measured"
            found.append(Step(role.title, math.ceil(load / rate), "", how))
    return found


def missing_benches(measured: Iterable[Measured]) -> list[str]:
    """Benches whose figures would tell of more kinds of nodes."""
    have = {one.bench for one in measured}
    return [role.bench for role in ROLES if role.bench not in have]


def cost(inputs: Inputs, steps: Sequence[Step], kinds: Sequence[Step]) -> list[Step]:
    """By the prices that were given, in their currency, for a month once the years are full."""
    value = {step.name: step.value for step in steps}
    # A bind is a line of a carrier node, no node of its own.
    machines = sum(step.value for step in kinds if step.name != ROLES[-1].title)
    sums = (
        ("nodes", machines, inputs.node_price, "nodes"),
        ("storage", value["on disks"], inputs.terabyte_price, "TB"),
        ("egress", value["egress in a day"] * MONTH_DAYS, inputs.egress_terabyte_price, "TB"),
    )
    return [
        Step(f"{name}, a month", amount * float(price), "", f"{amount:,.0f} {unit} x {price}")
        for name, amount, price, unit in sums
        if price
    ]


def fill(room: int, sizes: Sequence[int]) -> Stored:
    """Stores messages of these sizes until the first does not fit."""
    free = room
    for stored, size in enumerate(sizes):
        if size > free:
            return Stored(stored, len(sizes), free)
        free -= size
    return Stored(len(sizes), len(sizes), free)
