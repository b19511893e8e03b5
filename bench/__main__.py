"""`./dev bench` lists the benchmarks; `./dev bench NAME [--json] [--OPTION=VALUE]` runs one."""

import importlib
import sys
from pathlib import Path

from bench.frame import print_json, print_table

HERE = Path(__file__).parent
FRAME = {"__init__", "__main__", "clip", "frame", "messages", "pictures", "prism", "titles"}


def main(words: list[str]) -> int:
    benches = {path.stem.replace("_", "-"): path.stem for path in sorted(HERE.glob("*.py")) if path.stem not in FRAME}
    names = [word for word in words if not word.startswith("--")]
    if not names:
        for name, module in benches.items():
            print(f"{name:16} {(importlib.import_module(f'bench.{module}').__doc__ or '').strip().splitlines()[0]}")
        return 0
    if len(names) > 1 or names[0] not in benches:
        print(f"There is no benchmark {' '.join(names)!r}; there are: {', '.join(benches)}.", file=sys.stderr)
        return 2
    options = dict(word[2:].split("=", 1) for word in words if word.startswith("--") and "=" in word)
    measures = importlib.import_module(f"bench.{benches[names[0]]}").run(**options)
    print_table(measures)
    if "--json" in words:
        print_json(names[0], measures)
    return 0 if all(measure.ok for measure in measures) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
