"""Pictures and data sheets of a listing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import BinaryIO

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.events import DataSheetsChanged, PicturesChanged
from catalog.models import DataSheet, Image, Product
from catalog.rules.drafts import line
from catalog.services.pictures import MOST_BYTES as MOST_PICTURE_BYTES
from catalog.services.pictures import Encoded, Encoder
from catalog.services.products import ListingEnded
from catalog.services.shelving import shelve
from catalog.states import ProductState, SheetKind
from identity.actors import Actor, require
from identity.states import Role
from kernel.errors import NotFound, Refused
from kernel.ids import new_uuid
from kernel.services import record

MOST_PICTURES = 8
MOST_SHEETS = 12
MOST_SHEET_BYTES = 10 * 1024 * 1024


class TooManyPictures(Refused):
    code = "image.too_many"
    message = _("A listing has at most %(most)d pictures. Remove one first.")
    field = "file"


class TooManySheets(Refused):
    code = "sheet.too_many"
    message = _("A listing has at most %(most)d data sheets. Remove one first.")
    field = "file"


class SheetNotPdf(Refused):
    code = "sheet.not_pdf"
    message = _("This is no complete PDF file.")
    field = "file"


class SheetTooLarge(Refused):
    code = "sheet.too_large"
    message = _("The file is larger than %(most)d MB.")
    field = "file"


class SheetExpired(Refused):
    code = "sheet.expired"
    message = _("This date has passed. Upload the document that holds today.")
    field = "expires_on"


class SheetTitleMissing(Refused):
    code = "sheet.title_missing"
    message = _("Give the document a title of at most 120 characters.")
    field = "title"


class SheetKindUnknown(Refused):
    code = "sheet.kind_unknown"
    message = _("Choose what kind of document this is.")
    field = "kind"


@dataclass(frozen=True, kw_only=True)
class SheetDetails:
    """What a seller says of a PDF; `kind` is a `SheetKind`, `language` a tag such as `en` or `zh-hans`."""

    kind: str
    title: str
    language: str = "en"
    expires_on: date | None = None


def add_image(
    *, actor: Actor, product: Product, file: BinaryIO, now: datetime, encoder: Encoder | None = None
) -> Image:
    """Keep a picture, encoded again; the same upload twice is kept once. The first becomes the main one.

    Give an `encoder` when many pictures are added. Raises `PictureTooLarge`, `PictureTooSmall`, `PictureUnreadable`,
    `TooManyPictures`, `ListingEnded`, `NotFound`, `Forbidden`.
    """
    require(actor, Role.SELLER)
    data = file.read(MOST_PICTURE_BYTES + 1)
    digest = hashlib.sha256(data).hexdigest()
    if encoder is not None:
        return _keep_image(actor, product, digest, encoder.encode(data), now)
    with Encoder() as own:
        return _keep_image(actor, product, digest, own.encode(data), now)


@transaction.atomic
def _keep_image(actor: Actor, product: Product, digest: str, encoded: Encoded, now: datetime) -> Image:
    product = _lock(actor, product)
    kept = list(product.images.all())
    for image in kept:
        if image.digest == digest:
            return image
    if len(kept) >= MOST_PICTURES:
        raise TooManyPictures(most=MOST_PICTURES)
    image = Image(
        product=product,
        company_id=product.company_id,
        width=encoded.width,
        height=encoded.height,
        digest=digest,
        position=max((other.position for other in kept), default=-1) + 1,
    )
    name = new_uuid().hex
    image.file.save(f"{name}.webp", ContentFile(encoded.picture), save=False)
    image.thumbnail.save(f"{name}-s.webp", ContentFile(encoded.thumbnail), save=False)
    image.save()
    _tell_pictures(product, actor, now)
    return image


@transaction.atomic
def remove_image(*, actor: Actor, image: Image, now: datetime) -> None:
    """Take a picture off the listing; its files go with it."""
    product = _lock(actor, image.product)
    held = product.images.filter(pk=image.pk).first()
    if held is None:
        raise NotFound
    _delete_files([held.file.name, held.thumbnail.name])
    held.delete()
    _tell_pictures(product, actor, now)


@transaction.atomic
def show_first(*, actor: Actor, image: Image, now: datetime) -> None:
    """Make a picture the main one, the one that lists show."""
    product = _lock(actor, image.product)
    others = [other for other in product.images.all() if other.pk != image.pk]
    for position, shown in enumerate([image, *others]):
        shown.position = position
    Image.objects.bulk_update([image, *others], ["position"])
    _tell_pictures(product, actor, now)


@transaction.atomic
def add_sheet(
    *, actor: Actor, product: Product, file: BinaryIO, details: SheetDetails, now: datetime
) -> DataSheet:
    """Keep a PDF that buyers may read. What it is is judged by its content, not by its name.

    Raises `SheetNotPdf`, `SheetTooLarge`, `SheetExpired`, `SheetTitleMissing`, `SheetKindUnknown`, `TooManySheets`,
    `ListingEnded`, `NotFound`, `Forbidden`.
    """
    product = _lock(actor, product)
    data = file.read(MOST_SHEET_BYTES + 1)
    title = line(details.title)
    _check_sheet(data, title, details, timezone.localdate(now))
    if product.sheets.count() >= MOST_SHEETS:
        raise TooManySheets(most=MOST_SHEETS)
    sheet = DataSheet(
        product=product,
        company_id=product.company_id,
        kind=details.kind,
        title=title,
        language=details.language,
        expires_on=details.expires_on,
        uploaded_at=now,
    )
    sheet.file.save(f"{new_uuid().hex}.pdf", ContentFile(data), save=False)
    sheet.save()
    _tell_sheets(product, actor, now)
    return sheet


@transaction.atomic
def remove_sheet(*, actor: Actor, sheet: DataSheet, now: datetime) -> None:
    """Take a data sheet off the listing; its file goes with it."""
    product = _lock(actor, sheet.product)
    held = product.sheets.filter(pk=sheet.pk).first()
    if held is None:
        raise NotFound
    _delete_files([held.file.name])
    held.delete()
    _tell_sheets(product, actor, now)


def _check_sheet(data: bytes, title: str, details: SheetDetails, today: date) -> None:
    if len(data) > MOST_SHEET_BYTES:
        raise SheetTooLarge(most=MOST_SHEET_BYTES // 1024 // 1024)
    if not data.startswith(b"%PDF-") or b"%%EOF" not in data[-2048:]:
        raise SheetNotPdf
    if not 0 < len(title) <= 120:
        raise SheetTitleMissing
    if details.kind not in SheetKind.values:
        raise SheetKindUnknown
    if details.expires_on is not None and details.expires_on < today:
        raise SheetExpired


def _lock(actor: Actor, product: Product) -> Product:
    require(actor, Role.SELLER)
    locked = Product.objects.of_actor(actor).locked().filter(pk=product.pk).first()
    if locked is None:
        raise NotFound
    if locked.state == ProductState.ENDED:
        raise ListingEnded
    return locked


def _tell_pictures(product: Product, actor: Actor, now: datetime) -> None:
    shelve(product.pk, now)
    event = PicturesChanged(product_id=product.pk)
    record(event, actor=actor, now=now, subject=product, audience=[product.company_id])


def _tell_sheets(product: Product, actor: Actor, now: datetime) -> None:
    event = DataSheetsChanged(product_id=product.pk)
    record(event, actor=actor, now=now, subject=product, audience=[product.company_id])


def _delete_files(names: Iterable[str | None]) -> None:
    """Once the change is certain: a rolled-back removal must not have lost anything."""
    for name in filter(None, names):
        transaction.on_commit(partial(default_storage.delete, name))
