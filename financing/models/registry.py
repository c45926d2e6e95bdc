"""The registry of financed invoices: keyed digests only, so that it can be asked without telling anything."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from financing.models.offers import Offer


class RegistryEntry(models.Model):
    """An invoice that backs money. It stays after the money is repaid; it ends only where none was paid out."""

    offer = models.OneToOneField(Offer, models.PROTECT, related_name="registry_entry")
    #: which key made the digests
    key_id = models.CharField(max_length=16)
    #: keyed digests (HMAC-SHA-256, hex): all fields; seller and number; parties, amount and day
    exact = models.CharField(max_length=64)
    number = models.CharField(max_length=64)
    parties = models.CharField(max_length=64)
    taken_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "registry entries"
        constraints = [
            models.UniqueConstraint(
                fields=["exact"], condition=Q(released_at__isnull=True), name="registry_exact_once"
            ),
            models.UniqueConstraint(
                fields=["number"], condition=Q(released_at__isnull=True), name="registry_number_once"
            ),
        ]
        indexes = [
            models.Index(fields=["parties"], name="registry_parties", condition=Q(released_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"entry of offer {self.offer_id}"
