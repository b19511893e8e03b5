"""Landscapes of sky, sun and ridges, drawn from a few colours: pictures for films that belong to nobody else."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
RIDGES = 6


@dataclass(frozen=True)
class Palette:
    """Colours as `#rrggbb`: the sky from above to the horizon, the sun, and the nearest ridge."""

    above: str
    horizon: str
    sun: str
    near: str


DESERT = Palette("#1b2a4e", "#f3a35c", "#ffe9c4", "#2a1226")
SEA = Palette("#0e4d64", "#c8e6df", "#ffffff", "#04202c")
VALLEY = Palette("#5b4b8a", "#f7c8b4", "#fff3d6", "#1f2a20")
POLAR = Palette("#04101f", "#2f8f83", "#d5fff0", "#020912")


def draw_landscape(path: Path, width: int, height: int, palette: Palette, *, seed: int) -> Path:
    """A picture of this size; the same seed draws the same ridges."""
    chance = random.Random(seed)
    above, horizon, near = (_rgb(colour) for colour in (palette.above, palette.horizon, palette.near))
    picture = _sky(width, height, above, horizon)
    _shine(picture, _rgb(palette.sun), at=(width * chance.uniform(0.55, 0.75), height * chance.uniform(0.3, 0.42)))
    draw = ImageDraw.Draw(picture)
    for n in range(RIDGES):
        nearness = (n + 1) / RIDGES
        # Far ridges fade into the air before the horizon.
        colour = _mixed(horizon, near, nearness**0.8)
        draw.polygon(_ridge(width, height, height * (0.5 + 0.085 * n), height * 0.05 * (1 + nearness), chance), colour)
    picture.save(path)
    return path


def _sky(width: int, height: int, above: Colour, horizon: Colour) -> Image.Image:
    column = Image.new("RGB", (1, height))
    for y in range(height):
        column.putpixel((0, y), _mixed(above, horizon, min(1.0, y / (height * 0.62)) ** 1.4))
    return column.resize((width, height))


def _shine(picture: Image.Image, colour: Colour, *, at: tuple[float, float]) -> None:
    """A sun with a glow around it."""
    radius = picture.height * 0.07
    for part, size, blur in ((0.45, 2.6, 1.4), (1.0, 1.0, 0.03)):
        mask = Image.new("L", picture.size)
        box = [at[0] - radius * size, at[1] - radius * size, at[0] + radius * size, at[1] + radius * size]
        ImageDraw.Draw(mask).ellipse(box, fill=round(255 * part))
        picture.paste(colour, mask=mask.filter(ImageFilter.GaussianBlur(radius * blur)))


def _ridge(width: int, height: int, top: float, swing: float, chance: random.Random) -> list[tuple[float, float]]:
    waves = [(chance.uniform(0.6, 1.4) * 2**n, chance.uniform(0, math.tau), 0.62**n) for n in range(6)]
    line = [
        (x, top + swing * sum(size * math.sin(often * math.tau * x / width + shift) for often, shift, size in waves))
        for x in range(0, width + 4, 4)
    ]
    return [*line, (width, height), (0, height)]


def _mixed(one: Colour, other: Colour, part: float) -> Colour:
    return tuple(round(a + (b - a) * part) for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def _rgb(colour: str) -> Colour:
    return tuple(bytes.fromhex(colour.removeprefix("#")))  # type: ignore[return-value]
