"""One picture: the object in its colour, beside it what tells it from its neighbours."""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFont

from sme_hub.demo.drawings.objects import HERE, Element, glyph, shapes
from sme_hub.demo.drawings.paths import Outline, Point, flatten

SIZE = (640, 480)
#: drawn larger and made smaller, so that edges are smooth
_ZOOM = 2
_INK = (38, 52, 58)
_FAMILIES = {
    "hardware": (233, 238, 239),
    "chemicals": (228, 240, 238),
    "safety": (247, 240, 222),
    "medical": (229, 239, 246),
    "office": (241, 238, 230),
}
_BANDS = {
    "hardware": (96, 118, 126),
    "chemicals": (24, 112, 106),
    "safety": (196, 138, 20),
    "medical": (52, 112, 158),
    "office": (126, 108, 84),
}
_FIXED = {
    "w": (252, 252, 250),
    "g": (216, 223, 225),
    "d": (66, 80, 86),
    "a": (200, 68, 46),
    "y": (236, 192, 62),
    "e": (62, 140, 96),
    "b": (70, 132, 182),
}
FONT = Path(__file__).parents[3] / "documents" / "fonts" / "NotoSansSC-Bold.ttf"

#: the blank between a number and its unit, which stay on one line
_JOINED = re.compile(r"(?<=[\d½]) (?=(?:mL|L|kg|g|mm|cm|m|t|V|W|K|pcs|lm|ppm|%|×)(?![a-z]))|(?<=×) ")

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Picture:
    """What a row of pictures.csv says."""

    shape: str
    family: str
    tint: str
    #: the colours that tell this variant from others, shown by themselves, too
    swatch: tuple[str, ...] = ()
    #: size or pack, in figures and units that every language reads alike
    label: str = ""
    #: grade, standard or material, by its code
    mark: str = ""
    ghs: tuple[str, ...] = ()
    #: glyphs of icons.txt for what would need a word otherwise
    signs: tuple[str, ...] = ()
    #: how large the object is drawn, from 0 to 1: small ones among their variants are smaller
    size: float = 1.0


def picture_of(row: Mapping[str, str]) -> Picture:
    ghs, signs, swatch = (tuple(filter(None, row[name].split("|"))) for name in ("ghs", "signs", "swatch"))
    size = int(row["size"]) / 100
    return Picture(
        row["shape"], row["family"], row["tint"], swatch, row["label"], row["mark"], ghs, signs, size
    )


def compose(picture: Picture) -> bytes:
    """A PNG of `SIZE`."""
    page = Image.new("RGB", (SIZE[0] * _ZOOM, SIZE[1] * _ZOOM), _FAMILIES[picture.family])
    _Sheet(page).lay(picture)
    file = io.BytesIO()
    page.reduce(_ZOOM).save(file, "PNG", compress_level=1)
    return file.getvalue()


class _Sheet:
    """A page being drawn; lengths are those of the finished picture."""

    def __init__(self, page: Image.Image) -> None:
        self._page = page
        self._draw = ImageDraw.Draw(page)

    def lay(self, picture: Picture) -> None:
        """The label above; below it the object, and at its right what tells it from its neighbours."""
        self._box((0, 0, SIZE[0], 8), fill=_BANDS[picture.family])
        aside = bool(picture.mark or picture.ghs or picture.swatch or picture.signs)
        if picture.label:
            self._object(picture, left=48 if aside else 152, top=134, side=336)
            self._label(picture.label, x=24, y=16, width=SIZE[0] - 44)
        else:
            self._object(picture, left=20 if aside else 120, top=56, side=380 if aside else 400)
        self._aside(picture, y=146 if picture.label else 40)

    def _object(self, picture: Picture, *, left: float, top: float, side: float) -> None:
        """In its square, standing on the same ground whatever its size."""
        tint = _colour(picture.tint)
        spare = side * (1 - picture.size)
        left, top, side = left + spare / 2, top + spare, side - spare
        self._shadow(left + side / 2, top + side * 0.97, side * 0.42)
        for element in shapes()[picture.shape]:
            self._element(element, tint, left, top, side / 100)

    def _aside(self, picture: Picture, *, y: float) -> None:
        """Mark, colours and signs from above, hazards from below."""
        x, width = 410.0, 212.0
        if picture.mark:
            y = self._mark(picture.mark, x, y, width) + 14
        if picture.swatch:
            self._swatch([_colour(colour) for colour in picture.swatch], x, y)
            y += 56
        side = 96.0 if len(picture.signs) <= 2 else 66.0
        for number, name in enumerate(picture.signs):
            self._sign(name, x + number * (side + 8), y, side)
        columns, side = (2, 104.0) if len(picture.ghs) <= 2 else (3, 69.0)
        rows = -(-len(picture.ghs) // columns)
        for number, code in enumerate(picture.ghs):
            row, column = divmod(number, columns)
            self._hazard(code, x + column * (side + 2), SIZE[1] - 12 - (rows - row) * (side + 2), side)

    def _swatch(self, colours: Sequence[Colour], x: float, y: float) -> None:
        """The colours side by side in one frame."""
        each = max(110 / len(colours), 32)
        for number, colour in enumerate(colours):
            self._box((x + number * each, y, x + (number + 1) * each, y + 42), fill=colour)
        frame = [number * _ZOOM for number in (x, y, x + len(colours) * each, y + 42)]
        self._draw.rounded_rectangle(frame, radius=4 * _ZOOM, outline=_INK, width=2 * _ZOOM)

    def _sign(self, name: str, x: float, y: float, side: float) -> None:
        """A glyph in white on a tile of ink, as marks are."""
        self._box((x, y, x + side, y + side), fill=_INK, radius=8)
        self._fill(glyph(name, x=8, y=8, side=84), (255, 255, 255), x, y, side / 100)

    def _label(self, text: str, *, x: float, y: float, width: float) -> None:
        """In letters as large as two lines of `width` take."""
        for size in (84, 76, 68, 60, 52, 46, 40, 35, 30, 26):
            lines = _wrapped(text, size, width * _ZOOM)
            if lines is not None and len(lines) * size * 1.16 <= 124:
                break
        else:
            lines = [text[:24]]
        for line in lines:
            self._draw.text((x * _ZOOM, y * _ZOOM), line, fill=_INK, font=_font(size * _ZOOM))
            y += size * 1.16

    def _mark(self, text: str, x: float, y: float, width: float) -> float:
        size = next(
            size
            for size in (52, 46, 40, 34, 30, 26, 22, 19, 16)
            if _width(text, size) <= (width - 18) * _ZOOM or size == 16
        )
        wide = _width(text, size) / _ZOOM + 18
        self._box((x, y, x + wide, y + size * 1.5), fill=_INK, radius=8)
        self._draw.text(
            ((x + 9) * _ZOOM, (y + size * 0.74) * _ZOOM),
            text,
            fill=(255, 255, 255),
            font=_font(size * _ZOOM),
            anchor="lm",
        )
        return y + size * 1.5

    def _hazard(self, code: str, x: float, y: float, side: float) -> None:
        for colour, outlines in hazards()[code]:
            self._fill(outlines, colour, x, y, side / 100)

    def _element(self, element: Element, tint: Colour, x: float, y: float, scale: float) -> None:
        style = element.style
        fill = _fill_of(style, tint)
        if fill is not None:
            self._fill(element.outlines, fill, x, y, scale)
        if style.isupper():
            return
        width = max(2, round((0.75 if style == "k" else 1.5) * scale * _ZOOM))
        for outline in element.outlines:
            self._stroke(outline, width, x, y, scale)

    def _fill(self, outlines: Sequence[Outline], colour: Colour, x: float, y: float, scale: float) -> None:
        """By the even-odd rule, so that an outline inside another is a hole."""
        rings = [self._placed(outline.points, x, y, scale) for outline in outlines if len(outline.points) > 2]
        if len(rings) == 1:
            self._draw.polygon(rings[0], fill=colour)
            return
        if not rings:
            return
        left, top = (int(min(point[axis] for ring in rings for point in ring)) for axis in (0, 1))
        right, bottom = (int(max(point[axis] for ring in rings for point in ring)) + 2 for axis in (0, 1))
        mask = Image.new("1", (right - left, bottom - top))
        for ring in rings:
            one = Image.new("1", mask.size)
            ImageDraw.Draw(one).polygon([(px - left, py - top) for px, py in ring], fill=1)
            mask = _either(mask, one)
        self._page.paste(colour, (left, top), mask)

    def _stroke(self, outline: Outline, width: int, x: float, y: float, scale: float) -> None:
        points = self._placed(outline.points, x, y, scale)
        if outline.closed:
            points = [*points, points[0], points[1]]
        self._draw.line(points, fill=_INK, width=width, joint="curve")
        radius = width / 2
        for px, py in (points[0], points[-1]):
            self._draw.ellipse((px - radius, py - radius, px + radius, py + radius), fill=_INK)

    def _shadow(self, x: float, y: float, half: float) -> None:
        red, green, blue = self._page.getpixel((SIZE[0], SIZE[1]))  # type: ignore[misc]
        tone = (int(red * 0.93), int(green * 0.93), int(blue * 0.93))
        box = (x - half, y - 9, x + half, y + 9)
        self._draw.ellipse([number * _ZOOM for number in box], fill=tone)

    def _box(
        self,
        box: tuple[float, float, float, float],
        *,
        fill: Colour,
        outline: Colour | None = None,
        radius: float = 0,
    ) -> None:
        self._draw.rounded_rectangle(
            [number * _ZOOM for number in box],
            radius=radius * _ZOOM,
            fill=fill,
            outline=outline,
            width=3 if outline else 0,
        )

    @staticmethod
    def _placed(points: Sequence[Point], x: float, y: float, scale: float) -> list[Point]:
        return [((x + px * scale) * _ZOOM, (y + py * scale) * _ZOOM) for px, py in points]


@functools.cache
def hazards() -> dict[str, list[tuple[Colour, list[Outline]]]]:
    """The GHS pictograms: coloured paths on a canvas of 100 by 100, from hazards.txt (`CODE colour path`)."""
    found: dict[str, list[tuple[Colour, list[Outline]]]] = {}
    for line in (HERE / "hazards.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("GHS"):
            code, colour, data = line.split(" ", 2)
            found.setdefault(code, []).append((_colour(colour), flatten(data)))
    return found


def _fill_of(style: str, tint: Colour) -> Colour | None:
    match style.lower():
        case "n" | "k":
            return None
        case "t":
            return tint
        case "s":
            return _mixed(tint, _INK, 0.25)
        case "h":
            return _mixed(tint, (255, 255, 255), 0.5)
    return _FIXED[style.lower()]


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    return tuple(round(a + (b - a) * share) for a, b in zip(one, other, strict=True))  # type: ignore[return-value]


def _colour(text: str) -> Colour:
    red, green, blue = bytes.fromhex(text.removeprefix("#"))
    return red, green, blue


def _either(one: Image.Image, other: Image.Image) -> Image.Image:
    """Black and white, white where exactly one of them is."""
    return ImageChops.logical_xor(one, other)


def _wrapped(text: str, size: int, width: float) -> list[str] | None:
    """The text in lines of at most `width`; None when a word is wider."""
    lines: list[str] = []
    for word in _JOINED.sub("\u00a0", text).split(" "):
        if _width(word, size) > width:
            return None
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _width(text: str, size: int) -> float:
    return _font(size * _ZOOM).getlength(text)


@functools.cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), size)
