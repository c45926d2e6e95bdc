"""`python -m bench.stocking SIZE BUYERS`: fill the database of DATABASE_URL for measuring, and print what to ask for.

Run as the owner of the tables; prints one line of JSON. A database that has the first 10,000 products is filled up.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import django


def main(size: int, buyers: int) -> None:
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.utils import timezone

    from bench.goods import TERMS, stock_up
    from bench.people import a_buyer
    from catalog.models import Product

    if Product.objects.exists():
        stock_up(size)
        return
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    stock_up(size)
    now = timezone.now()
    facts: dict[str, Any] = {
        "terms": TERMS,
        "product": Product.objects.get(pk=1_000_000).public_id,
        "seller": "bench-900001",
        "buyers": [a_buyer(number, now) for number in range(buyers)],
        "shops": _shops(),
        "scarce": _scarce(),
        "session_cookie": settings.SESSION_COOKIE_NAME,
    }
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    print(json.dumps(facts))  # noqa: T201


def _shops() -> list[dict[str, Any]]:
    """1,000 products of 50 sellers, twenty each, with stock for a long day."""
    from catalog.models import Product, Stock

    shops: dict[int, dict[str, Any]] = {}
    products = Product.objects.filter(pk__lt=1_000_000 + 1100).select_related("company").order_by("pk")
    for product in products:
        shop = shops.setdefault(product.company_id, {"seller": product.company.slug, "products": []})
        if len(shop["products"]) < 20:
            shop["products"].append((product.public_id, f"{product.moq:f}"))
            Stock.objects.filter(pk=product.pk).update(available=900_000_000)
    return list(shops.values())[:50]


def _scarce() -> dict[str, Any]:
    """One product of which there are 100, ordered one by one."""
    from catalog.models import Product, Stock

    product = Product.objects.select_related("company").get(pk=1_000_000 + 5000)
    Product.objects.filter(pk=product.pk).update(moq=1)
    Stock.objects.filter(pk=product.pk).update(available=100)
    return {"pk": product.pk, "seller": product.company.slug, "product": product.public_id}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
