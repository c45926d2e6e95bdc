"""Pictures and data sheets: nothing of an upload is trusted."""

from __future__ import annotations

import io
import struct
import zlib
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from PIL import Image as Pillow

from catalog.models import DataSheet, Image, ShelfRow
from catalog.services import Encoder, SheetDetails, add_image, add_sheet, remove_image, show_first
from catalog.services.media import SheetExpired, SheetNotPdf, TooManyPictures
from catalog.services.pictures import PictureTooLarge, PictureTooSmall, PictureUnreadable
from kernel.errors import NotFound
from tests import factories
from tests.catalog.factories import a_product

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def a_picture(
    size: tuple[int, int] = (400, 300), colour: str = "teal", kind: str = "PNG", mode: str = "RGB"
) -> io.BytesIO:
    buffer = io.BytesIO()
    Pillow.new(mode, size, colour).save(buffer, kind)
    buffer.seek(0)
    buffer.name = f"picture.{kind.lower()}"
    return buffer


def a_png_bomb(side: int = 13_000) -> io.BytesIO:
    """A valid PNG of a hundred kilobytes that unpacks into hundreds of megabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    compress = zlib.compressobj(9)
    rows = b"".join(compress.compress(b"\0" * (side * 3 + 1)) for _ in range(side)) + compress.flush()
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return io.BytesIO(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def added(file: io.BytesIO, **more):
    alice = factories.alice()
    product = more.pop("product", None) or a_product(seller=alice)
    return add_image(actor=more.pop("actor", alice), product=product, file=file, now=timezone.now(), **more)


def test_a_picture_is_encoded_again_as_webp_with_a_thumbnail() -> None:
    image = added(a_picture((4000, 3000), kind="JPEG"))

    assert (image.width, image.height) == (1600, 1200)
    for file, side in ((image.file, 1600), (image.thumbnail, 320)):
        with Pillow.open(file.open()) as stored:
            assert (stored.format, max(stored.size)) == ("WEBP", side)


def test_nothing_of_the_upload_is_kept() -> None:
    buffer = io.BytesIO()
    exif = Pillow.Exif()
    exif[0x010E] = "where it was taken <script>"
    Pillow.new("RGB", (300, 300)).save(buffer, "JPEG", exif=exif)
    buffer.seek(0)

    image = added(buffer)

    assert b"script" not in image.file.open().read()
    assert image.file.name.startswith("images/")
    assert image.file.name.endswith(".webp")


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "LA", "CMYK"])
def test_every_usual_colour_mode_is_taken(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"

    assert added(a_picture(mode=mode, colour=0 if mode == "P" else "white", kind=kind)).width == 400


def test_a_picture_that_would_unpack_into_gigabytes_is_refused() -> None:
    product = a_product(seller=factories.alice())

    with pytest.raises(PictureTooLarge):
        added(a_png_bomb(), product=product)

    assert not Image.objects.exists()


@pytest.mark.parametrize(
    ("upload", "refusal"),
    [
        (b"", PictureUnreadable),
        (b"not a picture", PictureUnreadable),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", PictureUnreadable),
        (a_picture().getvalue()[:120], PictureUnreadable),
        (b"GIF89a" + b"\0" * 100, PictureUnreadable),
        (a_picture((20, 20)).getvalue(), PictureTooSmall),
        (a_picture((12_000, 70)).getvalue(), PictureTooLarge),
        (b"\xff" * (8 * 1024 * 1024 + 1), PictureTooLarge),
    ],
)
def test_what_is_no_usable_picture_is_refused(upload: bytes, refusal: type[Exception]) -> None:
    product = a_product(seller=factories.alice())

    with pytest.raises(refusal):
        added(io.BytesIO(upload), product=product)

    assert not Image.objects.exists()


def test_an_encoder_goes_on_after_a_bad_picture() -> None:
    product = a_product(seller=factories.alice())
    with Encoder() as encoder:
        with pytest.raises(PictureUnreadable):
            added(io.BytesIO(b"junk"), product=product, encoder=encoder)

        assert added(a_picture(), product=product, encoder=encoder).width == 400


def test_the_same_picture_twice_is_kept_once() -> None:
    product = a_product(seller=factories.alice())
    first = added(a_picture(), product=product)

    assert added(a_picture(), product=product).pk == first.pk
    assert Image.objects.count() == 1


def test_the_first_picture_stands_in_lists_until_another_is_made_the_main_one() -> None:
    alice = factories.alice()
    product = a_product(seller=alice)
    first = added(a_picture(colour="red"), product=product)
    second = added(a_picture(colour="blue"), product=product)
    assert ShelfRow.objects.get().thumbnail == first.thumbnail.name

    show_first(actor=alice, image=second, now=timezone.now())

    assert ShelfRow.objects.get().thumbnail == second.thumbnail.name
    assert list(product.images.all()) == [second, first]


def test_removing_a_picture_removes_its_files(django_capture_on_commit_callbacks) -> None:
    alice = factories.alice()
    image = added(a_picture())
    name = image.file.name

    with django_capture_on_commit_callbacks(execute=True):
        remove_image(actor=alice, image=image, now=timezone.now())

    assert not default_storage.exists(name)
    assert ShelfRow.objects.get().thumbnail == ""


def test_pictures_are_bounded_in_number() -> None:
    product = a_product(seller=factories.alice())
    with Encoder() as encoder:
        for side in range(100, 108):
            added(a_picture((side, side)), product=product, encoder=encoder)
        with pytest.raises(TooManyPictures):
            added(a_picture((200, 200)), product=product, encoder=encoder)

    assert Image.objects.count() == 8


def test_listings_of_others_take_no_picture() -> None:
    product = a_product(seller=factories.alice())

    with pytest.raises(NotFound):
        added(a_picture(), product=product, actor=factories.charlie())

    assert not Image.objects.exists()


def sheet(content: bytes = PDF, **details) -> DataSheet:
    alice = factories.alice()
    return add_sheet(
        actor=alice,
        product=a_product(seller=alice),
        file=io.BytesIO(content),
        details=SheetDetails(**{"kind": "sds", "title": "Safety data sheet", **details}),
        now=timezone.now(),
    )


def test_a_pdf_is_kept_under_a_random_name() -> None:
    kept = sheet(expires_on=timezone.localdate() + timedelta(days=30))

    assert kept.file.name.startswith("sheets/")
    assert kept.file.open().read() == PDF


@pytest.mark.parametrize("content", [b"", b"<html>", PDF[:-10], b"MZ" + PDF])
def test_what_is_no_complete_pdf_is_refused(content: bytes) -> None:
    with pytest.raises(SheetNotPdf), transaction.atomic():
        sheet(content)

    assert not DataSheet.objects.exists()


def test_a_document_that_has_expired_is_refused() -> None:
    with pytest.raises(SheetExpired), transaction.atomic():
        sheet(expires_on=timezone.localdate() - timedelta(days=1))

    assert not DataSheet.objects.exists()
