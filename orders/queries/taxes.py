"""The tax on a sale of a day, remembered for a minute: a reference row that every order asks for."""

from __future__ import annotations

from catalog.queries.memo import for_a_minute
from tariffs.queries import tax_for

tax_of_day = for_a_minute(tax_for)
