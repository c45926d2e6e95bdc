"""Conversations between buyers and sellers, about goods and about orders: `buyer=words|seller=@phrase`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from catalog.models import Product
from identity.actors import Member
from identity.models import Thread
from identity.services import Words, ask, mark_thread_read, send_message
from orders.models import Order
from sme_hub.demo.files import DATA, rows_of
from sme_hub.demo.loading.moments import days_before, later_at_work
from sme_hub.demo.loading.past import live_until
from sme_hub.matters import matter_of

#: hours until the other side writes back
PAUSE = timedelta(hours=2)


def hold_talks(owners: Mapping[str, Member]) -> int:
    """The conversations of talks.csv among `owners`, each a transaction. Returns how many; those begun before are left alone."""
    now, held = timezone.now(), 0
    for row in rows_of(DATA / "talks.csv"):
        buyer = owners.get(row["buyer"])
        matter = _matter(row["about"], row["buyer"])
        seller = (
            owners.get(matter.company.slug if isinstance(matter, Product) else matter.seller.slug)
            if matter
            else None
        )
        if buyer is None or seller is None or matter is None:
            continue
        if not Thread.objects.filter(matter=matter.uid, buyer=buyer.company).exists():
            _talk(row, matter, buyer, seller, now)
            held += 1
    return held


@transaction.atomic
def _talk(
    row: Mapping[str, str], matter: Product | Order, buyer: Member, seller: Member, now: datetime
) -> None:
    at = days_before(now, float(row["days_ago"]), row["about"])
    thread = ""
    for number, message in enumerate(row["messages"].split("|")):
        side, _, said = message.partition("=")
        writer = buyer if side == "buyer" else seller
        words = Words(phrases=[said[1:]]) if said.startswith("@") else Words(body=said)
        if not thread:
            facts = matter_of(writer, matter.public_id)
            thread = ask(actor=writer, matter=facts, words=words, now=at).thread.public_id
        else:
            mark_thread_read(actor=writer, thread=Thread.objects.fetch(thread), now=at)
            send_message(actor=writer, thread=thread, words=words, now=at)
        live_until(at)
        at = min(later_at_work(at, PAUSE, f"{row['about']} {number}"), now)


def _matter(about: str, buyer: str) -> Product | Order | None:
    kind, _, rest = about.partition(":")
    if kind == "order":
        return Order.objects.filter(po_number=rest, buyer__slug=buyer).first()
    seller, _, sku = rest.partition(":")
    return Product.objects.filter(company__slug=seller, sku=sku).first()
