"""What lies on people's desks: carts not yet ordered, orders to approve, claims that nobody has looked at, a file to mend."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from catalog.models import ImportJob, Product
from catalog.services import receive_import
from identity.actors import Member
from identity.models import Claim, User
from kernel.models.deliveries import Lane
from orders.models import Approval, CartLine
from orders.services import ask_approval, put_in_cart, set_spending_limit
from sme_hub.demo.files import DATA, SAMPLES, rows_of
from sme_hub.demo.loading import people
from sme_hub.demo.loading.moments import days_before
from sme_hub.demo.loading.past import live_until
from sme_hub.demo.loading.trades import request_of

#: a seller's file with the usual mistakes, looked through without taking anything in
FLAWED, FLAWED_NAME, FLAWED_DAYS = SAMPLES / "bad-rows.csv", "new-gloves.csv", 0.8

Members = Mapping[str, Member]


def fill_carts(buyers: Members) -> int:
    """Put the goods of carts.csv into carts that hold nothing. Returns how many companies were given one."""
    now, filled = timezone.now(), 0
    for row in rows_of(DATA / "carts.csv"):
        buyer = buyers[row["company"]]
        if CartLine.objects.filter(cart__company=buyer.company).exists():
            continue
        with transaction.atomic():
            for line in row["lines"].split("|"):
                seller, _, goods = line.partition(":")
                sku, _, quantity = goods.partition("*")
                product = Product.objects.get(company__slug=seller, sku=sku)
                put_in_cart(
                    actor=buyer,
                    product=product.public_id,
                    quantity=Decimal(quantity),
                    now=days_before(now, float(row["days_ago"]), row["company"]),
                )
        filled += 1
    return filled


def ask_for_approval(sellers: Members, buyers: Members) -> int:
    """Give the companies of approvals.csv their limits, and let a buyer ask for an order over it. Returns how many were new."""
    now, asked = timezone.now(), 0
    for row in rows_of(DATA / "approvals.csv"):
        owner = buyers[row["buyer"]]
        if Approval.objects.filter(company=owner.company, wanted__po_number=row["po_number"]).exists():
            continue
        at = days_before(now, float(row["days_ago"]), row["po_number"])
        asker = people.acting(User.objects.get(email=row["asker"]), owner.company, now)
        with transaction.atomic():
            set_spending_limit(
                actor=owner,
                amount=Decimal(row["limit"]),
                currency=row["limit_currency"],
                days=int(row["days"]),
                now=at,
            )
            request = request_of(row, owner, sellers[row["seller"]])
            ask_approval(actor=asker, request=request, now=at)
            live_until(at)
        asked += 1
    return asked


def claimants() -> set[str]:
    """The companies that wait for an officer."""
    return {row["company"] for row in rows_of(DATA / "claims.csv")}


def submit_claims(members: Members) -> int:
    """Send the claims of claims.csv in, each with its evidence, for an officer to decide. Returns how many were new."""
    now, sent = timezone.now(), 0
    for row in rows_of(DATA / "claims.csv"):
        owner = members[row["company"]]
        if Claim.objects.filter(company=owner.company, kind=row["kind"]).exists():
            continue
        at = days_before(now, float(row["days_ago"]), row["company"])
        people.submit(owner, row["kind"], row["statement"], now=at)
        sent += 1
    return sent


def send_flawed_file(seller: Member) -> bool:
    """Let the seller's last import leave rows to mend. False when it was sent before."""
    now = timezone.now()
    if ImportJob.objects.filter(company=seller.company, file_name=FLAWED_NAME).exists():
        return False
    at = days_before(now, FLAWED_DAYS, FLAWED_NAME)
    with transaction.atomic(), FLAWED.open("rb") as file:
        receive_import(actor=seller, file=file, file_name=FLAWED_NAME, dry_run=True, now=at)
        live_until(at, Lane.SLOW)
    return True
