"""Pictures and data sheets of products."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models.products import Product
from catalog.states import SheetKind
from identity.models import Company
from kernel.models import PublicQuerySet, PublicRow


class Image(PublicRow):
    """A picture, decoded and encoded again as WebP: nothing of the upload itself is kept."""

    PREFIX = "img"

    product = models.ForeignKey(Product, models.CASCADE, related_name="images")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    file = models.ImageField(upload_to="images/")
    #: for lists, at most 320 pixels a side
    thumbnail = models.ImageField(upload_to="images/")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    #: SHA-256 of the upload, so that the same picture is not stored twice
    digest = models.CharField(max_length=64)
    position = models.PositiveSmallIntegerField(default=0)

    objects = PublicQuerySet.as_manager()

    class Meta:
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["product", "digest"], name="image_once_per_product")]

    def __str__(self) -> str:
        return self.public_id


class DataSheet(PublicRow):
    """A PDF that a buyer may read: SDS, certificate, manual."""

    PREFIX = "dsh"

    product = models.ForeignKey(Product, models.CASCADE, related_name="sheets")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=12, choices=SheetKind)
    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(_("language"), max_length=10, default="en")
    file = models.FileField(_("file"), upload_to="sheets/")
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    uploaded_at = models.DateTimeField()

    objects = PublicQuerySet.as_manager()

    def __str__(self) -> str:
        return self.title
