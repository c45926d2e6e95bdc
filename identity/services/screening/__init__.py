"""Companies compared with registers and lists of sanctions.

sources     which lists there are, and from which score on an officer looks
receiving   a file is kept, once
reading     it is read, some thousand entries a delivery
taking      what was read is kept; the whole file comes into force, or nothing of it
comparing   names against names, numbers against the register
finding     what was found waits for an officer
planning    an import is compared with every company, some thousand a delivery
refusals    why a file was not taken, in words
deciding    an officer says whether it is the same
holding     what a company may not do meanwhile
striking    what a register calls no longer live proves nothing any more
"""

from identity.services.screening.deciding import decide_candidate
from identity.services.screening.holding import (
    check_may_be_verified,
    check_not_held,
    holds_on,
    refusal_of,
    refusals_of,
)
from identity.services.screening.planning import (
    compare_again,
    compare_company,
    compare_part,
    plan_comparison,
)
from identity.services.screening.reading import read_next
from identity.services.screening.receiving import receive_list
from identity.services.screening.refusals import refusal_words
from identity.services.screening.sources import load_list_sources, made_up_list
from identity.services.screening.taking import forget_old_entries, forget_read_files, note_stale

__all__ = [
    "check_may_be_verified",
    "check_not_held",
    "compare_again",
    "compare_company",
    "compare_part",
    "decide_candidate",
    "forget_old_entries",
    "forget_read_files",
    "holds_on",
    "load_list_sources",
    "made_up_list",
    "note_stale",
    "plan_comparison",
    "read_next",
    "receive_list",
    "refusal_of",
    "refusal_words",
    "refusals_of",
]
