"""What the home page says of the catalogue: real figures, and what is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from catalog.queries.finding import FoundRow, newest
from catalog.queries.memo import for_a_minute

#: products shown as new
NEW = 12
#: the latest products among which the latest of each category is looked for
AMONG = 1000


@dataclass(frozen=True)
class HomeFigures:
    """Counted over everything on sale."""

    products: int
    sellers: int
    #: sellers whose registration was checked, where that check still holds
    checked_sellers: int
    #: the latest of those checks
    last_check: date | None
    countries: int


@for_a_minute
def home_figures(today: date) -> HomeFigures:
    """One statement over the whole shelf, remembered for a minute."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH selling AS (SELECT company_id, count(*) AS products FROM catalog_shelfrow GROUP BY company_id),"
            " checked AS (SELECT id, country, registration_checked_on AS checked_on FROM identity_company"
            " WHERE registration_checked_on IS NOT NULL"
            " AND (registration_check_expires_on IS NULL OR registration_check_expires_on >= %s))"
            " SELECT coalesce(sum(products), 0)::bigint, count(*), count(checked.id), max(checked_on),"
            " (SELECT count(DISTINCT origin) FROM catalog_shelfrow)"
            " FROM selling LEFT JOIN checked ON checked.id = selling.company_id",
            [today],
        )
        return HomeFigures(*cursor.fetchone())


def new_products(currency: str) -> list[FoundRow]:
    """The latest of each category, the newest first, so that one import does not fill the page. One statement."""
    return newest(currency, NEW, among=AMONG)
