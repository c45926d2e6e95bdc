"""Which characters the papers' fonts can print. PDF/A refuses a file with one that they cannot, and people write those.

Read from the fonts' `cmap` tables (OpenType 1.9, formats 4 and 12), so that another font needs no list to be kept.
"""

from __future__ import annotations

import functools
import struct
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FONTS = Path(__file__).resolve().parents[1] / "fonts"
#: stands for a character that no font has, as in printed Chinese
MISSING = "□"
#: characters that are seen as nothing: controls, format characters, variation selectors
_UNSEEN = ("Cc", "Cf", "Mn", "Cs")


def printable(said: Any) -> Any:
    """`said` (as in JSON) with every character that cannot be printed dropped when it is unseen, else shown as □."""
    if isinstance(said, dict):
        return {name: printable(value) for name, value in said.items()}
    if isinstance(said, list):
        return [printable(value) for value in said]
    return _printable_text(said) if isinstance(said, str) else said


def _printable_text(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(_printed(letter) for letter in text)


def _printed(letter: str) -> str:
    if letter == "\n" or ord(letter) in _printed_by_fonts():
        return letter
    if letter.isspace():
        return " "
    return "" if unicodedata.category(letter) in _UNSEEN else MISSING


@functools.cache
def _printed_by_fonts() -> frozenset[int]:
    """Code points that some font has: what the bold one lacks is set in the regular."""
    fonts = FONTS.glob("*.[ot]tf")
    return frozenset(point for font in fonts for point in _code_points(font.read_bytes()))


def _code_points(font: bytes) -> Iterator[int]:
    """The code points of the font's Unicode subtables."""
    (tables,) = struct.unpack_from(">H", font, 4)
    records = (struct.unpack_from(">4sIII", font, 12 + 16 * number) for number in range(tables))
    start = next(offset for tag, _, offset, _ in records if tag == b"cmap")
    (subtables,) = struct.unpack_from(">H", font, start + 2)
    for number in range(subtables):
        _platform, _encoding, offset = struct.unpack_from(">HHI", font, start + 4 + 8 * number)
        (form,) = struct.unpack_from(">H", font, start + offset)
        if form == 12:
            yield from _segmented_coverage(font, start + offset)
        elif form == 4:
            yield from _segment_mapping(font, start + offset)


def _segmented_coverage(font: bytes, at: int) -> Iterator[int]:
    (groups,) = struct.unpack_from(">I", font, at + 12)
    for number in range(groups):
        first, last, _glyph = struct.unpack_from(">III", font, at + 16 + 12 * number)
        yield from range(first, last + 1)


def _segment_mapping(font: bytes, at: int) -> Iterator[int]:
    (twice,) = struct.unpack_from(">H", font, at + 6)
    lasts = struct.unpack_from(f">{twice // 2}H", font, at + 14)
    firsts = struct.unpack_from(f">{twice // 2}H", font, at + 16 + twice)
    for first, last in zip(firsts, lasts, strict=True):
        if last != 0xFFFF:
            yield from range(first, last + 1)
