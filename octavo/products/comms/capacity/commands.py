"""`octavo capacity comms`: the estimate with every step, and the storage sample as it was meant."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from octavo.kernel.command_line import JsonOption
from octavo.products.comms.capacity import rules
from octavo.products.comms.capacity.reading import measured_in, price_of, size_of, sizes
from octavo.products.comms.capacity.rows import Inputs, Step

PriceOption = Annotated[str, typer.Option(help="For a month: of a node, a stored terabyte, one that leaves.")]
USUAL = Inputs()
SAMPLE_MESSAGES = 1_000_000


def capacity(
    messages_per_day: Annotated[float, typer.Option(min=1, help="Messages that are sent in a day.")] = (
        USUAL.messages_per_day
    ),
    reads_per_message: Annotated[float, typer.Option(min=0, help="How often each is read.")] = USUAL.reads_per_message,
    message_size: Annotated[str, typer.Option(help="What one takes, such as 1KB.")] = "1KB",
    years: Annotated[float, typer.Option(min=0.01, help="How long they are kept.")] = USUAL.years,
    peak: Annotated[float, typer.Option(min=1, help="The busiest second against the average.")] = USUAL.peak,
    copies: Annotated[float, typer.Option(min=1, help="Copies of what is stored.")] = USUAL.copies,
    node_price: PriceOption = "0",
    terabyte_price: PriceOption = "0",
    egress_price: PriceOption = "0",
    bench: Annotated[
        Path | None, typer.Option(help="A file of what `./dev bench NAME --json` printed; it tells how many nodes.")
    ] = None,
    simulate: Annotated[bool, typer.Option("--simulate", help="Store messages until the room is full.")] = False,
    storage: Annotated[str, typer.Option(help="With --simulate: the room, such as 100TB.")] = "100TB",
    messages: Annotated[int, typer.Option(min=0, help="With --simulate: how many.")] = SAMPLE_MESSAGES,
    seed: Annotated[str, typer.Option(help="With --simulate: the same word, the same sizes.")] = "octavo",
    as_json: JsonOption = False,
) -> None:
    """Compute what a load of messages takes: rates, storage, traffic, nodes and their price."""
    try:
        size = size_of(message_size)
        if simulate:
            _simulate(size_of(storage), messages, size, seed, as_json=as_json)
            return
        measured = measured_in(bench) if bench else []
        prices = [price_of(text) for text in (node_price, terabyte_price, egress_price)]
    except (OSError, ValueError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    inputs = msgspec.structs.replace(
        USUAL,
        messages_per_day=messages_per_day,
        reads_per_message=reads_per_message,
        message_bytes=float(size),
        years=years,
        peak=peak,
        copies=copies,
        node_price=prices[0],
        terabyte_price=prices[1],
        egress_terabyte_price=prices[2],
    )
    steps = rules.estimate(inputs)
    kinds = rules.nodes(steps, measured)
    _print([*steps, *kinds, *rules.cost(inputs, steps, kinds)], as_json=as_json)
    if not as_json and (missing := rules.missing_benches(measured)):
        typer.echo(f"\nFor the number of nodes: ./dev bench NAME --json >> FILE for {', '.join(missing)}; --bench FILE")


def _print(steps: list[Step], *, as_json: bool) -> None:
    if as_json:
        typer.echo(msgspec.json.encode(steps).decode())
        return
    for step in steps:
        typer.echo(f"{step.name:32} {_rounded(step.value):>14} {step.unit:11} = {step.how}")


def _simulate(room: int, messages: int, size: int, seed: str, *, as_json: bool) -> None:
    found = rules.fill(room, sizes(messages, size, seed))
    if as_json:
        typer.echo(msgspec.json.encode(found).decode())
        return
    typer.echo(f"Stored {found.stored:,} of {found.asked:,} messages; {found.remaining:,} of {room:,} bytes remain.")


def _rounded(value: float) -> str:
    """Three digits say all that an estimate knows."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.3g}"
