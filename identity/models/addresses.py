"""A company's address book, in English and Chinese forms."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from identity.models.companies import Company
from identity.models.owned import LastingQuerySet
from kernel.models import PublicRow


class Address(PublicRow):
    """Where goods or bills go. At least one of the two forms is filled; papers print the form of their language."""

    PREFIX = "adr"

    company = models.ForeignKey(Company, models.PROTECT, related_name="addresses")
    label = models.CharField(
        _("label"), max_length=60, help_text=_("For your own list, e.g. “Longgang warehouse”")
    )
    for_billing = models.BooleanField(_("bills go here"), default=True)
    for_shipping = models.BooleanField(_("goods go here"), default=True)
    contact_name = models.CharField(_("contact person"), max_length=80, blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    #: lines as they stand on an envelope, most specific first
    lines_en = models.TextField(_("address, English form"), max_length=400, blank=True)
    #: lines as they stand on an envelope in China, province first
    lines_zh = models.TextField(_("address, Chinese form"), max_length=400, blank=True)
    city = models.CharField(_("city"), max_length=60)
    postal_code = models.CharField(_("postal code"), max_length=12, blank=True)
    country = models.CharField(_("country"), max_length=2)
    ended_at = models.DateTimeField(null=True)

    objects = LastingQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.CheckConstraint(condition=~Q(lines_en="", lines_zh=""), name="address_has_a_form"),
            models.CheckConstraint(condition=Q(country__regex="^[A-Z]{2}$"), name="address_country_code"),
        ]

    def __str__(self) -> str:
        return self.label

    def snapshot(self) -> dict[str, Any]:
        """The address as an order keeps it for ever."""
        return {
            "label": self.label,
            "contact_name": self.contact_name,
            "phone": self.phone,
            "lines_en": self.lines_en,
            "lines_zh": self.lines_zh,
            "city": self.city,
            "postal_code": self.postal_code,
            "country": self.country,
        }
