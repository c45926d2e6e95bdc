"""Numbers without gaps: taken under a row lock that is held until the paper is written, so that none is lost."""

from __future__ import annotations

from django.db import connection

_NEXT = """
INSERT INTO documents_numberseries (company_id, kind, year, last_number) VALUES (%s, %s, %s, 1)
ON CONFLICT (company_id, kind, year) DO UPDATE SET last_number = documents_numberseries.last_number + 1
RETURNING last_number
"""


def next_number(*, company_id: int, kind: str, year: int) -> int:
    """The next number of this seller, kind and year. A rollback gives it back; it is the last lock a verb takes."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [company_id, kind, year])
        return int(cursor.fetchone()[0])
