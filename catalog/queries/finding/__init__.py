"""Search: one statement counts and sorts into facets, one fetches a page of rows.

Written as SQL because both are shapes the ORM has no words for, and because these two statements are most of what a
list costs. Every product on the shelf is public, so no actor narrows them.

The facets come first and are bounded: they look at no more than 1,001 matches, so that a broad word costs the same in
any catalogue. Their count then decides how the page is fetched. Up to 1,000 matches are all collected through the text
index and sorted; above that the index of the wanted order is walked until the page is full. The planner alone would
choose by estimates, and a wrong one walks the whole shelf for twenty rows.

answers     what a search finds
where       the conditions of a search
facets      how many matches fall where
pages       a page of rows, in the wanted order
"""

from __future__ import annotations

from catalog.queries.finding.answers import Facets, Found, FoundRow, SellerCount
from catalog.queries.finding.facets import count_facets
from catalog.queries.finding.pages import newest, page_of
from catalog.queries.finding.where import Where
from catalog.rules.wanted import Wanted

__all__ = ["Facets", "Found", "FoundRow", "SellerCount", "newest", "search"]


def search(wanted: Wanted, *, of_seller: int | None = None) -> Found:
    """The page that `wanted` asks for. Two statements, three with sellers, and the names of categories each minute.

    `of_seller` is the key of the company whose storefront this is, in place of a seller by name.
    """
    where = Where(wanted, of_seller)
    if where.nothing:
        return Found(wanted, [], Facets())
    facets = count_facets(where)
    if facets.total == 0:
        return Found(wanted, [], facets)
    return page_of(where, facets)
