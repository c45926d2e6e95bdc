"""How many matches fall where, counted over no more than `COUNTED` of them."""

from __future__ import annotations

from django.db import connection

from catalog.queries.categories import category_tree
from catalog.queries.finding.answers import Facets, SellerCount
from catalog.queries.finding.where import Where, column_of
from catalog.rules.bands import MOQ_STEPS, NO_PRICE

#: matches that are counted; one more is looked at, to tell "1,000" from "more than 1,000"
COUNTED = 1000

_FACETS = """
WITH hit AS MATERIALIZED (
    SELECT row.category_id, row.company_id, row.origin, row.in_stock, row.{band} AS price_band,
           row.band_moq AS moq_band
    FROM catalog_shelfrow AS row {where} LIMIT %s
), counted AS (
    SELECT GROUPING(category_id, company_id, origin, in_stock, price_band, moq_band) AS kind,
           category_id, company_id, origin, in_stock, price_band, moq_band, count(*) AS products
    FROM hit
    GROUP BY GROUPING SETS ((category_id), (company_id), (origin), (in_stock), (price_band), (moq_band), ())
)
SELECT kind, category_id, origin, in_stock, price_band, moq_band, products,
       company.slug, company.name_en, company.name_zh, company.legal_name
FROM counted LEFT JOIN identity_company AS company ON company.id = counted.company_id
"""


def count_facets(where: Where) -> Facets:
    statement = _FACETS.format(band=column_of("band", where.wanted.currency), where=where.sql())
    with connection.cursor() as cursor:
        cursor.execute(statement, [*where.parameters, COUNTED + 1])
        rows = cursor.fetchall()
    facets = Facets()
    moq_bands: dict[int, int] = {}
    # GROUPING() has one bit a column, 0 for the one that was grouped by
    for kind, category, origin, in_stock, price_band, moq_band, count, *company in rows:
        match kind:
            case 0b011111:
                facets.categories[category] = count
            case 0b101111:
                facets.sellers.append(SellerCount._make([*company, count]))
            case 0b110111:
                facets.origins[origin] = count
            case 0b111011 if in_stock:
                facets.in_stock = count
            case 0b111101 if price_band != NO_PRICE:
                facets.prices[price_band] = count
            case 0b111110:
                moq_bands[moq_band] = count
            case 0b111111:
                facets.total = min(count, COUNTED)
                facets.bounded = count > COUNTED
    facets.sellers.sort(key=lambda seller: (-seller.products, seller.slug))
    facets.moqs = _at_most(moq_bands)
    _add_families(facets.categories)
    return facets


def _at_most(bands: dict[int, int]) -> dict[int, int]:
    """Counts per band as counts of "at most so many"."""
    return {
        step: sum(count for band, count in bands.items() if band <= at) for at, step in enumerate(MOQ_STEPS)
    }


def _add_families(categories: dict[int, int]) -> None:
    places = category_tree().by_pk
    for pk, count in list(categories.items()):
        place = places.get(pk)
        if place is not None and place.parent is not None:
            categories[place.parent.pk] = categories.get(place.parent.pk, 0) + count
