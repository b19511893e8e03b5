"""Typographic posters: the picture of a title that has none, drawn from its words and its colours.

Everything is SVG with presentation attributes, because the content security policy allows no inline style.
"""

import hashlib
from collections.abc import Sequence
from random import Random

from markupsafe import Markup

from octavo.ui.colours import hex_from_oklch, oklch_from_hex

SIZES = {"wide": (640, 360), "tall": (400, 600)}
TINTS = 8
LONGEST_TITLE = 60


def drawn_poster(
    title: str, *, seed: object = "", colors: Sequence[str] = (), ratio: str = "wide", alt: str = ""
) -> Markup:
    """The poster of `title`. The same seed always gives the same picture; `colors` are #rrggbb of its frames.

    Without `alt` it is decoration beside a title in words.
    """
    chance = Random(_number(seed or title))  # noqa: S311 - a picture, not a secret
    width, height = SIZES[ratio]
    ground, shade, light = _palette(chance, colors)
    spoken = Markup('role="img" aria-label="{}"').format(alt) if alt else Markup('aria-hidden="true"')
    # Only numbers and colours of our own go into a motif, nothing that a person wrote.
    motif = Markup(chance.choice(MOTIFS)(chance, width, height, shade, light))  # noqa: S704
    return Markup(
        '<svg class="poster" data-ratio="{}" viewBox="0 0 {} {}" {} '
        'preserveAspectRatio="xMidYMid slice">'
        '<rect width="100%" height="100%" fill="{}"/>{}{}</svg>'
    ).format(ratio, width, height, spoken, ground, motif, _lettering(title, width, height))


def initials(name: str) -> str:
    """One or two letters for a person without a picture."""
    words = [word for word in name.split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


def tint(name: str) -> int:
    """Which of the eight tints a name wears, always the same one."""
    return _number(name) % TINTS


def _number(seed: object) -> int:
    return int.from_bytes(hashlib.blake2b(str(seed).encode(), digest_size=6).digest())


def _palette(chance: Random, colors: Sequence[str]) -> tuple[str, str, str]:
    """A dark ground that white letters read well on (at least 4.5 to 1), a deeper shade and a light accent."""
    if colors:
        hue = oklch_from_hex(colors[0])[2]
        second = oklch_from_hex(colors[-1])[2] if len(colors) > 1 else hue + 40
        chroma = min(0.13, max(0.03, oklch_from_hex(colors[0])[1]))
    else:
        hue = chance.uniform(0, 360)
        second = hue + chance.choice((-60, -35, 35, 60, 150))
        chroma = chance.uniform(0.09, 0.14)
    return (
        hex_from_oklch(0.40, chroma, hue),
        hex_from_oklch(0.31, chroma * 0.9, second),
        hex_from_oklch(0.70, chroma * 1.15, second),
    )


def _lettering(title: str, width: int, height: int) -> Markup:
    text = title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"
    margin = width // 12
    size, lines = _fit(text, width - 2 * margin, most_lines=4 if height > width else 3, largest=height // 5)
    bottom = height - margin - size * 0.1
    rows = Markup("").join(
        Markup('<text x="{}" y="{:.0f}">{}</text>').format(margin, bottom - (len(lines) - 1 - n) * size * 1.04, line)
        for n, line in enumerate(lines)
    )
    return Markup('<g fill="#fff" font-size="{}" font-weight="800" letter-spacing="{:.1f}">{}</g>').format(
        size, -size * 0.02, rows
    )


def _fit(text: str, width: float, *, most_lines: int, largest: int) -> tuple[int, list[str]]:
    """The largest letters in which the words fit, and the lines they make."""
    words = text.split() or ["?"]
    for size in range(min(largest, 84), 20, -2):
        lines = _wrap(words, width / (size * 0.56))
        if len(lines) <= most_lines and max(map(len, lines)) * size * 0.56 <= width:
            return size, lines
    return 22, _wrap(words, width / 12.3)[:most_lines]


def _wrap(words: Sequence[str], most_letters: float) -> list[str]:
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= most_letters:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


def _sun(chance: Random, width: int, height: int, shade: str, light: str) -> str:
    x, y = width * chance.uniform(0.55, 0.8), height * chance.uniform(0.25, 0.4)
    radius = height * chance.uniform(0.2, 0.28)
    horizon = y + radius * chance.uniform(0.2, 0.6)
    return (
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="{light}"/>'
        f'<rect y="{horizon:.0f}" width="100%" height="100%" fill="{shade}"/>'
    )


def _arcs(chance: Random, width: int, height: int, shade: str, light: str) -> str:
    x = chance.choice((0, width))
    reach = min(width, height) * 1.05
    return "".join(
        f'<circle cx="{x}" cy="0" r="{reach * part:.0f}" fill="{shade if n % 2 == 0 else light}" opacity="{opacity}"/>'
        for n, (part, opacity) in enumerate(((1, 1), (0.72, 0.55), (0.46, 1), (0.22, 1)))
    )


def _bars(chance: Random, width: int, height: int, shade: str, light: str) -> str:
    lean = chance.choice((-1, 1)) * width * chance.uniform(0.15, 0.35)
    thickness = width * 0.11
    start = width * chance.uniform(0.35, 0.5)
    stripes = []
    for n, (colour, opacity) in enumerate(((shade, 1), (light, 0.85), (shade, 1), (light, 0.35))):
        x = start + n * thickness * 1.25
        points = f"{x:.0f},0 {x + thickness:.0f},0 {x + thickness + lean:.0f},{height} {x + lean:.0f},{height}"
        stripes.append(f'<polygon points="{points}" fill="{colour}" opacity="{opacity}"/>')
    return "".join(stripes) + _floor(width, height, shade)


def _hills(chance: Random, width: int, height: int, shade: str, light: str) -> str:
    peak, moon = width * chance.uniform(0.3, 0.7), height * 0.07
    far = f"M0 {height * 0.6:.0f} Q{peak:.0f} {height * 0.12:.0f} {width} {height * 0.55:.0f} V{height} H0Z"
    near = f"M0 {height * 0.5:.0f} Q{width - peak:.0f} {height * 0.62:.0f} {width} {height * 0.42:.0f} V{height} H0Z"
    return (
        f'<circle cx="{width * 0.8:.0f}" cy="{height * 0.22:.0f}" r="{moon:.0f}" fill="{light}"/>'
        f'<path d="{far}" fill="{light}" opacity=".38"/>'
        f'<path d="{near}" fill="{shade}"/>'
    )


def _discs(chance: Random, width: int, height: int, shade: str, light: str) -> str:
    x, y = width * chance.uniform(0.45, 0.75), height * chance.uniform(0.3, 0.4)
    radius = height * 0.26
    shift = radius * chance.uniform(0.7, 1.0) * chance.choice((-1, 1))
    return (
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="{light}"/>'
        f'<circle cx="{x + shift:.0f}" cy="{y + radius * 0.3:.0f}" r="{radius:.0f}" fill="{shade}" opacity=".82"/>'
        + _floor(width, height, shade)
    )


def _floor(width: int, height: int, shade: str) -> str:
    """A calm ground for the letters to stand on."""
    return f'<rect y="{height * 0.56:.0f}" width="100%" height="100%" fill="{shade}"/>'


MOTIFS = (_sun, _arcs, _bars, _hills, _discs)
