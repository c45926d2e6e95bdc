"""Bulk imports: receive a file, read it into parts of 500 rows, take each row by the verbs of listings and stock.

Some dozens of rows at a time are one transaction, together with their outcomes and the part's cursor. So a worker may be
killed at any moment: another goes on behind the last committed row, and each row counts once.

receiving   a file is kept
parting     it is read into parts
taking      the rows of a part are taken
rows        one row
"""

from catalog.services.importing.parting import begin_reading, read_file, refuse_file, store_parts
from catalog.services.importing.receiving import receive_import
from catalog.services.importing.rows import sender_of
from catalog.services.importing.taking import finish_part, take_part

__all__ = [
    "begin_reading",
    "finish_part",
    "read_file",
    "receive_import",
    "refuse_file",
    "sender_of",
    "store_parts",
    "take_part",
]
