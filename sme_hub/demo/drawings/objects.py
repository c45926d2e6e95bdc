"""The objects of shapes.txt, and the glyphs of icons.txt in them: elements with a style, as polygons on a canvas of 100 by 100."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sme_hub.demo.drawings.paths import Outline, Point, flatten

HERE = Path(__file__).parent
#: the box that the glyphs of icons.txt are drawn in
ICON_SIDE = 24


@dataclass(frozen=True)
class Element:
    """One thing to draw: `style` as the head of shapes.txt explains."""

    style: str
    outlines: tuple[Outline, ...]


@functools.cache
def shapes() -> dict[str, tuple[Element, ...]]:
    """All objects by name. Raises `ValueError` for a line that cannot be read."""
    written: dict[str, str] = {}
    for line in (HERE / "shapes.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, elements = line.partition(" = ")
            written[name.strip()] = elements
    return {name: tuple(_elements(text)) for name, text in written.items()}


@functools.cache
def icons() -> dict[str, list[Outline]]:
    """The glyphs of icons.txt (`name path`), as they lie in their box of 24 by 24."""
    found = {}
    for line in (HERE / "icons.txt").read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, data = line.partition(" ")
            found[name] = [Outline(outline.points, closed=True) for outline in flatten(data)]
    return found


def glyph(name: str, *, x: float, y: float, side: float) -> tuple[Outline, ...]:
    """A glyph of icons.txt in the box at `x`, `y`. Raises `KeyError` for one that is not there."""
    scale = side / ICON_SIDE
    return tuple(
        Outline([(x + px * scale, y + py * scale) for px, py in outline.points], closed=True)
        for outline in icons()[name]
    )


def _elements(text: str) -> Iterator[Element]:
    for part in text.split(";"):
        style, kind, rest = part.strip().split(" ", 2)
        if kind == "m":
            yield Element(style, tuple(flatten(rest)))
        elif kind == "i":
            yield Element(style, _glyph(*rest.split()))
        else:
            yield Element(style, (_outline(kind, [float(number) for number in rest.split()]),))


def _glyph(name: str, x: str = "2", y: str = "2", side: str = "96") -> tuple[Outline, ...]:
    return glyph(name, x=float(x), y=float(y), side=float(side))


def _outline(kind: str, numbers: list[float]) -> Outline:
    match kind:
        case "l" | "p":
            pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
            return Outline(pairs, closed=kind == "p")
        case "c":
            x, y, radius = numbers
            return _ellipse(x, y, radius, radius)
        case "e":
            x, y, rx, ry = numbers
            return _ellipse(x, y, rx, ry)
        case "r":
            x, y, width, height = numbers[:4]
            radius = min(numbers[4], width / 2, height / 2) if len(numbers) > 4 else 0.0
            return _rectangle(x, y, width, height, radius)
    raise ValueError(f"“{kind}” is no kind of element")


def _ellipse(x: float, y: float, rx: float, ry: float, pieces: int = 48) -> Outline:
    angles = [2 * math.pi * step / pieces for step in range(pieces)]
    return Outline([(x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles], closed=True)


def _rectangle(x: float, y: float, width: float, height: float, radius: float) -> Outline:
    if not radius:
        return Outline([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], closed=True)
    corners = [
        (x + width - radius, y + radius, -90),
        (x + width - radius, y + height - radius, 0),
        (x + radius, y + height - radius, 90),
        (x + radius, y + radius, 180),
    ]
    points: list[Point] = []
    for cx, cy, begin in corners:
        for step in range(7):
            angle = math.radians(begin + 15 * step)
            points.append((cx + radius * math.cos(angle), cy + radius * math.sin(angle)))
    return Outline(points, closed=True)
