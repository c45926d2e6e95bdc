"""Every listing has a picture, small and unlike its neighbours'."""

from __future__ import annotations

import io
import re
from collections import Counter

import pytest
from PIL import Image, ImageFont

from catalog.services import Encoder
from sme_hub.demo.drawings.composing import FONT, SIZE, Picture, compose, hazards, picture_of
from sme_hub.demo.drawings.objects import HERE, icons, shapes
from sme_hub.demo.drawings.paths import flatten
from sme_hub.demo.files import DATA, LISTINGS, rows_of

ROWS = rows_of(DATA / "pictures.csv")
#: colours that names of goods say, and how far the drawn one may lie from them, in RGB
COLOURS = {
    "red": (200, 64, 47),
    "blue": (45, 111, 179),
    "green": (61, 139, 87),
    "yellow": (233, 192, 47),
    "black": (47, 52, 55),
    "white": (244, 245, 243),
}


def test_every_picture_names_an_object_that_can_be_drawn() -> None:
    assert {row["shape"] for row in ROWS} <= set(shapes())
    assert all(element.outlines for elements in shapes().values() for element in elements)


def test_no_two_pictures_are_told_alike() -> None:
    shown = ("shape", "tint", "swatch", "label", "mark", "ghs", "signs")
    told = Counter(tuple(row[name] for name in shown) for row in ROWS)
    assert [look for look, count in told.items() if count > 1] == []


def test_pictures_say_no_words_that_one_language_only_reads() -> None:
    said = [row["label"] + row["mark"] for row in ROWS]
    assert [text for text in said if re.search("[a-z]{4}", text)] == []


def test_the_font_has_every_letter_of_the_pictures() -> None:
    font = ImageFont.truetype(str(FONT), 40)
    missing = font.getmask("\uffff").getbbox(), bytes(font.getmask("\uffff"))
    letters = {letter for row in ROWS for letter in row["label"] + row["mark"] if letter.strip()}
    drawn = {letter: font.getmask(letter) for letter in letters}
    assert [letter for letter, mask in drawn.items() if (mask.getbbox(), bytes(mask)) == missing] == []


def test_signs_are_glyphs_of_the_set_and_no_glyph_lies_idle() -> None:
    signs = {sign for row in ROWS for sign in picture_of(row).signs}
    assert signs <= set(icons())
    objects = set(re.findall(r"\b[a-z] i ([a-z0-9-]+)", (HERE / "shapes.txt").read_text(encoding="utf-8")))
    assert set(icons()) == signs | objects


def test_a_listing_that_names_one_colour_is_drawn_in_it() -> None:
    pictures = {(row["seller"], row["sku"]): picture_of(row) for row in ROWS}
    wrong = []
    for path in sorted(LISTINGS.glob("*.csv")):
        for row in rows_of(path):
            named = set(re.findall(rf"(?<!light )\b({'|'.join(COLOURS)})\b", row["name_en"].lower()))
            if len(named) == 1 and not _near(pictures[path.stem, row["sku"]], COLOURS[named.pop()]):
                wrong.append(row["name_en"])
    assert wrong == []


def _near(picture: Picture, colour: tuple[int, int, int]) -> bool:
    drawn = [tuple(bytes.fromhex(text[1:])) for text in (picture.tint, *picture.swatch)]
    return any(sum(abs(a - b) for a, b in zip(one, colour, strict=True)) < 150 for one in drawn)


def test_of_two_sizes_the_larger_is_drawn_larger() -> None:
    sizes = {(row["type"], row["label"]): picture_of(row).size for row in ROWS}
    bolts = [sizes["hex-bolt-88", size] for size in ("M6×25", "M12×50", "M20×120")]
    assert bolts[0] < bolts[1] < bolts[2]
    assert all(0.5 <= size <= 1 for size in sizes.values())


def test_the_nine_pictograms_are_there() -> None:
    assert set(hazards()) == {f"GHS0{number}" for number in range(1, 10)}


@pytest.mark.parametrize("row", ROWS[::160], ids=lambda row: row["sku"])
def test_a_picture_is_taken_by_the_marketplace(row: dict[str, str]) -> None:
    data = compose(picture_of(row))
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == SIZE
        assert len(image.convert("P", palette=Image.Palette.ADAPTIVE).getcolors() or []) > 4
    with Encoder() as encoder:
        encoded = encoder.encode(data)
    assert len(encoded.picture) < 20_000
    assert len(encoded.thumbnail) < 8_000


def test_paths_are_flattened_as_svg_means_them() -> None:
    (square,) = flatten("M10 10h10v10h-10z")
    assert square.closed
    assert square.points == [(10, 10), (20, 10), (20, 20), (10, 20)]
    (arc,) = flatten("M0 0A5 5 0 0 1 10 0")
    assert min(y for _, y in arc.points) == pytest.approx(-5, abs=0.1)
    (curve,) = flatten("M0 0C0 10 10 10 10 0S20-10 20 0")
    assert curve.points[-1] == (20, 0)
    with pytest.raises(ValueError, match="no path command"):
        flatten("12 13")
