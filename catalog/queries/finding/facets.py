"""How many matches fall where, counted over no more than `COUNTED` of them."""

from __future__ import annotations

from typing import Any

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
    {others}
)
SELECT kind, category_id, origin, in_stock, price_band, moq_band, products,
       company.slug, company.name_en, company.name_zh, company.legal_name
FROM counted LEFT JOIN identity_company AS company ON company.id = counted.company_id
"""
#: the other choices in a facet of which one is taken: those of the search without it, bounded as the rest
_OTHERS = """
    UNION ALL SELECT {kind}, {columns}, NULL, NULL, NULL, count(*)
    FROM (SELECT row.category_id, row.company_id, row.origin FROM catalog_shelfrow AS row {where} LIMIT %s) AS other
    GROUP BY {column}
"""
_COLUMNS = {"categories": "category_id", "sellers": "company_id", "origins": "origin"}
#: `GROUPING()` has one bit a column, 0 for the one that was grouped by; other choices have one bit more
_KINDS = {"categories": 0b011111, "sellers": 0b101111, "origins": 0b110111}
_OTHER = 0b1000000


def count_facets(where: Where) -> Facets:
    """How many matches fall where. One statement; in a facet of which something is chosen, its other choices too."""
    facets, others = Facets(), Facets()
    moq_bands: dict[int, int] = {}
    for kind, category, origin, in_stock, price_band, moq_band, count, *company in _rows(where):
        counted = others if kind & _OTHER else facets
        match kind & ~_OTHER:
            case 0b011111:
                counted.categories[category] = count
            case 0b101111:
                counted.sellers.append(SellerCount._make([*company, count]))
            case 0b110111:
                counted.origins[origin] = count
            case 0b111011 if in_stock:
                facets.in_stock = count
            case 0b111101 if price_band != NO_PRICE:
                facets.prices[price_band] = count
            case 0b111110:
                moq_bands[moq_band] = count
            case 0b111111:
                facets.total = min(count, COUNTED)
                facets.bounded = count > COUNTED
    _add_others(facets, others)
    facets.sellers.sort(key=lambda seller: (-seller.products, seller.slug))
    facets.moqs = _at_most(moq_bands)
    _add_families(facets.categories)
    return facets


def _rows(where: Where) -> list[tuple[Any, ...]]:
    parameters = [*where.parameters, COUNTED + 1]
    others = []
    for facet in where.facets_chosen():
        without, values = where.without(facet)
        column = _COLUMNS[facet]
        columns = ", ".join(name if name == column else "NULL" for name in _COLUMNS.values())
        others.append(
            _OTHERS.format(kind=_KINDS[facet] | _OTHER, columns=columns, column=column, where=without)
        )
        parameters += [*values, COUNTED + 1]
    statement = _FACETS.format(
        band=column_of("band", where.wanted.currency), where=where.sql(), others="".join(others)
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _add_others(facets: Facets, others: Facets) -> None:
    """What is chosen keeps its own count, which is exact where the wider search was too large to count."""
    sizes = {
        "categories": sum(others.categories.values()),
        "sellers": sum(seller.products for seller in others.sellers),
        "origins": sum(others.origins.values()),
    }
    facets.at_least = frozenset(facet for facet, size in sizes.items() if size > COUNTED)
    facets.categories = others.categories | facets.categories
    facets.origins = others.origins | facets.origins
    known = {seller.slug for seller in facets.sellers}
    facets.sellers += [seller for seller in others.sellers if seller.slug not in known]


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
