"""What a company has kept to come back to: products, sellers, searches. Bookmarks: a row that goes leaves nothing behind."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models.products import Product
from identity.models import Company
from identity.models.owned import OwnedQuerySet
from kernel.models import PublicRow


class Favourite(models.Model):
    """A product or a seller that a company likes to find again."""

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    product = models.ForeignKey(Product, models.PROTECT, null=True, related_name="+")
    seller = models.ForeignKey(Company, models.PROTECT, null=True, related_name="+")
    saved_by = models.ForeignKey("identity.User", models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "product"], condition=Q(seller=None), name="favourite_product_once"
            ),
            models.UniqueConstraint(
                fields=["company", "seller"], condition=Q(product=None), name="favourite_seller_once"
            ),
            models.CheckConstraint(
                condition=Q(product__isnull=False, seller=None) | Q(product=None, seller__isnull=False),
                name="favourite_of_one_thing",
            ),
        ]
        indexes = [models.Index(fields=["company", "-id"], name="favourite_of_company")]

    def __str__(self) -> str:
        return f"favourite of {self.company_id}"


class SavedSearch(PublicRow):
    """The address of a search under a name."""

    PREFIX = "sea"

    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=80)
    #: what stands behind the question mark, as the search itself writes it
    query = models.CharField(max_length=1500)
    saved_by = models.ForeignKey("identity.User", models.PROTECT, related_name="+")
    saved_at = models.DateTimeField()

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "saved searches"
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="saved_search_name_once")]

    def __str__(self) -> str:
        return self.name
