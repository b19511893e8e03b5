"""The frame of every benchmark: what a measure is, and how a table and the final JSON line are printed."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure beside its peer. Without a peer, `ratio` is ours / goal and at most 1 is good.

    `ratio` is ours / peer; `goal` bounds it from above (`at_most`) or from below.
    """

    name: str
    ours: float
    peer: float | None
    goal: float
    unit: str = ""
    at_most: bool = True

    @property
    def ratio(self) -> float:
        return self.ours / (self.goal if self.peer is None else self.peer)

    @property
    def ok(self) -> bool:
        bound = 1.0 if self.peer is None else self.goal
        return self.ratio <= bound if self.at_most else self.ratio >= bound

    def as_json(self) -> dict[str, object]:
        figures = {**asdict(self), "ratio": round(self.ratio, 4), "ok": self.ok}
        return {key: figures[key] for key in ("name", "ours", "peer", "ratio", "goal", "ok")}


def print_table(measures: Sequence[Measure]) -> None:
    print(f"{'measure':44} {'ours':>12} {'peer':>12} {'ratio':>8} {'goal':>10}")
    for measure in measures:
        peer = "-" if measure.peer is None else f"{measure.peer:,.3f}"
        sign = "<=" if measure.at_most else ">="
        name = f"{measure.name} ({measure.unit})" if measure.unit else measure.name
        verdict = "" if measure.ok else "  missed"
        print(f"{name:44} {measure.ours:>12,.3f} {peer:>12} {measure.ratio:>8.3f} {sign} {measure.goal:<7g}{verdict}")


def print_json(bench: str, measures: Sequence[Measure]) -> None:
    print(json.dumps({"bench": bench, "measures": [measure.as_json() for measure in measures]}), flush=True)
