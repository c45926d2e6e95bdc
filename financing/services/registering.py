"""The registry: an invoice that backs money is taken, and no second time. The database decides, by unique constraints."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from financing.models import Offer, RegistryEntry
from financing.rules import Fingerprints, InvoiceFacts, fingerprints
from financing.states import Verdict
from kernel.errors import Conflict


class AlreadyFinanced(Conflict):
    code = "financing.already_financed"
    message = _("This invoice backs money already. An invoice is financed once only.")


def take(offer: Offer, *, now: datetime) -> Verdict:
    """Enter the invoice of `offer`. Two at once: the second waits for the first, then is refused (`AlreadyFinanced`).

    Inside the transaction of the verb that accepts. SUSPECT where another financed invoice of the same parties, amount
    and day is known: it may be the same goods under another number, or two alike; the bank's officer looks.
    """
    prints = fingerprints(facts_of(offer), key=settings.FINANCE_REGISTRY_KEY.encode())
    alike = RegistryEntry.objects.filter(parties=prints.parties, released_at__isnull=True)
    suspect = alike.exclude(number=prints.number).exists()
    if not _insert(offer, prints, now):
        raise AlreadyFinanced
    return Verdict.SUSPECT if suspect else Verdict.CLEAR


def verdict_on(offer: Offer) -> Verdict:
    """What the registry says now, without entering anything; never who."""
    prints = fingerprints(facts_of(offer), key=settings.FINANCE_REGISTRY_KEY.encode())
    others = RegistryEntry.objects.filter(released_at__isnull=True).exclude(offer=offer)
    if others.filter(number=prints.number).exists():
        return Verdict.DUPLICATE
    return Verdict.SUSPECT if others.filter(parties=prints.parties).exists() else Verdict.CLEAR


def release(offer: Offer, *, now: datetime) -> None:
    """The invoice is free again: the bank paid nothing out on it."""
    RegistryEntry.objects.filter(offer=offer, released_at__isnull=True).update(released_at=now)


def facts_of(offer: Offer) -> InvoiceFacts:
    paper, order = offer.paper, offer.order
    return InvoiceFacts(
        seller=_party(order.seller_party),
        buyer=_party(order.buyer_party),
        number=paper.printed_number,
        amount=order.total,
        currency=order.currency,
        issued_on=paper.issued_on,
    )


def _party(party: dict[str, str]) -> str:
    return f"{party['country']}:{party['registration_number']}"


_INSERT = """
INSERT INTO financing_registryentry (offer_id, key_id, exact, number, parties, taken_at)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING id
"""


def _insert(offer: Offer, prints: Fingerprints, now: datetime) -> bool:
    values = [offer.pk, settings.FINANCE_REGISTRY_KEY_ID, prints.exact, prints.number, prints.parties, now]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, values)
        return cursor.fetchone() is not None
