"""The storyboard in the forms that players read: WebVTT with places on pictures, and tiles in DASH."""

from math import ceil
from xml.etree.ElementTree import Element, SubElement

from msgspec import Struct

# DASH-IF interoperability points, section 6.2.6: one adaptation set of sheets, each a grid of tiles.
_TILES = "http://dashif.org/guidelines/thumbnail_tile"
_NOMINAL_RATE = 10_000  # bits per second, should a film be too short to tell


class Storyboard(Struct, frozen=True):
    """Tile n, `width` by `height` pixels, shows the film at n times `interval` seconds.

    Sheets hold `columns` times `rows` tiles, row by row; the last one is filled up with black.
    """

    interval: int
    tiles: int
    columns: int
    rows: int
    width: int
    height: int
    seconds: float = 0.0  # of the film
    bytes: int = 0  # of all sheets

    @property
    def tiles_per_sheet(self) -> int:
        return self.columns * self.rows

    @property
    def sheets(self) -> int:
        return ceil(self.tiles / self.tiles_per_sheet)


def sheet_name(n: int | str) -> str:
    return f"storyboard-{n}.jpg"


def webvtt_storyboard(board: Storyboard | None) -> str:
    """A cue for each tile, its picture named with its place (https://www.w3.org/TR/media-frags/). Empty without one."""
    lines = ["WEBVTT", ""]
    for tile in range(board.tiles if board else 0):
        assert board is not None
        sheet, place = divmod(tile, board.tiles_per_sheet)
        row, column = divmod(place, board.columns)
        start = tile * board.interval
        end = max(board.seconds, start + 0.001) if tile == board.tiles - 1 else float(start + board.interval)
        area = f"{column * board.width},{row * board.height},{board.width},{board.height}"
        lines += [f"{_time(start)} --> {_time(end)}", f"{sheet_name(sheet)}#xywh={area}", ""]
    return "\n".join(lines)


def add_tiles(period: Element, number: int, board: Storyboard) -> None:
    """The adaptation set of a storyboard in a DASH manifest."""
    group = SubElement(period, "AdaptationSet", id=str(number), contentType="image", mimeType="image/jpeg")
    template = SubElement(group, "SegmentTemplate", media=sheet_name("$Number$"), timescale="1", startNumber="0")
    template.set("duration", str(board.interval * board.tiles_per_sheet))
    rate = ceil(board.bytes * 8 / board.seconds) if board.seconds else _NOMINAL_RATE
    tiles = SubElement(group, "Representation", id="storyboard", bandwidth=str(max(1, rate)))
    tiles.attrib.update(width=str(board.columns * board.width), height=str(board.rows * board.height))
    SubElement(tiles, "EssentialProperty", schemeIdUri=_TILES, value=f"{board.columns}x{board.rows}")


def _time(seconds: float) -> str:
    whole, rest = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{rest:03}"
