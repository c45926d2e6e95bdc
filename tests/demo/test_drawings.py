"""Every listing has a picture, small and unlike its neighbours'."""

from __future__ import annotations

import io
from collections import Counter

import pytest
from PIL import Image

from catalog.services import Encoder
from sme_hub.demo.drawings.composing import SIZE, compose, hazards, picture_of
from sme_hub.demo.drawings.objects import shapes
from sme_hub.demo.drawings.paths import flatten
from sme_hub.demo.files import DATA, rows_of

ROWS = rows_of(DATA / "pictures.csv")


def test_every_picture_names_an_object_that_can_be_drawn() -> None:
    assert {row["shape"] for row in ROWS} <= set(shapes())
    assert all(element.outlines for elements in shapes().values() for element in elements)


def test_no_two_pictures_are_told_alike() -> None:
    told = Counter(tuple(row[name] for name in ("shape", "tint", "label", "mark", "ghs")) for row in ROWS)
    assert [look for look, count in told.items() if count > 1] == []


def test_the_nine_pictograms_are_there() -> None:
    assert set(hazards()) == {f"GHS0{number}" for number in range(1, 10)}


@pytest.mark.parametrize("row", ROWS[::160], ids=lambda row: row["image"])
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
